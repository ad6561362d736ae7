// What can be done with imports of models. Nothing here downloads: an import is a row and a job.
import { readModelSource, sourceKindOf } from '../../engine/model-source.js'
import type { ReadSource } from '../../engine/model-source.js'
import type { ServerPaths } from '../../engine/server-paths.js'
import { isConflict } from '../../database/index.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import type { AddModelInput, ModelImportFilter } from './model-import.input.js'
import type { ModelImportRepository, ModelImportRow } from './model-import.repository.js'
import type { ImportError, ModelImport, ModelSourceCheck } from './model-import.type.js'

export interface ModelImportServiceParts {
  readonly imports: ModelImportRepository
  readonly models: ModelService
  readonly accounts: AccountRepository
  readonly paths: ServerPaths
}

const limits = { source: 4_096, name: 200, clientMutationId: 200 } as const

export class ModelImportService {
  readonly #parts: ModelImportServiceParts

  constructor(parts: ModelImportServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    filter: ModelImportFilter,
  ): Promise<Connection<ModelImport>> {
    const state = filter.state ?? null
    const { rows, totalCount } = await this.#parts.imports.page(viewer.projectId, page, state)
    const nodeOf = toModelImport
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async get(viewer: Viewer, id: string): Promise<ModelImport | null> {
    const row = isUuid(id) ? await this.#parts.imports.find(viewer.projectId, id) : null
    return row === null ? null : toModelImport(row)
  }

  /** What a source names and what is wrong with it; asks neither hub nor worker. */
  async check(viewer: Viewer, source: string, name: string | null): Promise<ModelSourceCheck> {
    try {
      return { ...(await this.#read(viewer, { source, name })), errors: [] }
    } catch (error) {
      if (!(error instanceof UserFailure)) throw error
      return { kind: null, source: null, name: null, errors: [error.toUserError()] }
    }
  }

  /** Checks, writes and queues. @throws UserFailure; then nothing was written */
  async add(viewer: Viewer, input: AddModelInput): Promise<ModelImport> {
    const { imports, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const request = 'clientMutationId'
    const clientMutationId = checkText(input[request], request, limits[request])
    const same =
      clientMutationId && (await imports.sameRequest(projectId, authorId, clientMutationId))
    if (same) {
      accounts.leaveToFirst(viewer)
      return toModelImport(same)
    }
    const { source, name } = await this.#read(viewer, input)
    const row = await imports.create({ projectId, authorId, source, name, clientMutationId })
    if (row === null) throw nameBusy(name)
    await accounts.recordEvent(viewer, 'model-import.create', row.id)
    return toModelImport(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<ModelImport> {
    const row = isUuid(id) ? await this.#parts.imports.cancel(viewer.projectId, id) : null
    const message = 'It has ended already, so there is nothing to cancel.'
    return row === null ? this.#refuse(viewer, id, 'IMPORT_ENDED', message) : toModelImport(row)
  }

  async retry(viewer: Viewer, id: string): Promise<ModelImport> {
    const before = await this.get(viewer, id)
    if (before === null) throw notFound('import', 'id')
    const row = await this.#requeue(viewer, before)
    const message = 'Only a failed or cancelled import can be tried again.'
    return row === null
      ? this.#refuse(viewer, id, 'IMPORT_NOT_FAILED', message)
      : toModelImport(row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    if (!isUuid(id) || !(await this.#parts.imports.remove(viewer.projectId, id)))
      throw notFound('import', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'model-import.delete', id)
    return id
  }

  async #read(
    viewer: Viewer,
    input: { readonly source: string; readonly name?: string | null | undefined },
  ): Promise<ReadSource> {
    const source = checkText(input.source.trim(), 'source', limits.source)
    const asked = checkText(input.name?.trim(), 'name', limits.name)
    if (source === null)
      throw new UserFailure('BAD_ARGUMENT', 'The source is empty.', {
        field: 'source',
        cure: 'Write hf:owner/name, or the path of a directory or a .gguf file on the server.',
      })
    const read = readModelSource(source, asked, this.#parts.paths)
    if (!(await this.#parts.models.hasAvailable(viewer, read.name))) return read
    throw new UserFailure('MODEL_NAME_TAKEN', `There is a model called ${read.name} already.`, {
      field: 'name',
      cure: 'Give this one another name, or use the model that is there.',
    })
  }

  async #requeue(viewer: Viewer, { id, name }: ModelImport): Promise<ModelImportRow | null> {
    try {
      return await this.#parts.imports.requeue(viewer.projectId, id)
    } catch (error) {
      if (isConflict(error)) throw nameBusy(name)
      throw error
    }
  }

  async #refuse(viewer: Viewer, id: string, code: string, message: string): Promise<never> {
    if ((await this.get(viewer, id)) === null) throw notFound('import', 'id')
    const cure = 'Reload the list to see its state.'
    throw new UserFailure(code, message, { field: 'id', cure })
  }
}

function nameBusy(name: string): UserFailure {
  return new UserFailure('IMPORT_UNDER_WAY', `A model called ${name} is being added already.`, {
    field: 'name',
    cure: 'Wait for it, cancel it, or give this one another name.',
  })
}

export function toModelImport(row: ModelImportRow): ModelImport {
  const { receivedBytes, totalBytes } = row
  return {
    ...row,
    kind: sourceKindOf(row.source),
    receivedBytes: receivedBytes === null ? null : Number(receivedBytes),
    totalBytes: totalBytes === null ? null : Number(totalBytes),
    error: row.error as unknown as ImportError | null,
  }
}
