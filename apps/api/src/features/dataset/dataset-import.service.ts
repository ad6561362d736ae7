// What can be done with imports of data sets: ask for one, look at it, cancel it; and the bundled one at the first start.
import { datasetFormatNames, isDatasetFormat } from '../../engine/dataset-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import { checkText } from '../text-rules.js'
import type { RejectedCase } from './case-row.js'
import type { DatasetImporter } from './dataset-importer.js'
import type { DatasetImportRepository, DatasetImportRow } from './dataset-import.repository.js'
import type { DatasetImport } from './dataset-import.type.js'
import { readDatasetSource } from './dataset-source.js'
import type { SourceRules } from './dataset-source.js'
import type { ImportDatasetInput } from './dataset.input.js'

export interface DatasetImportServiceParts {
  readonly imports: DatasetImportRepository
  readonly importer: DatasetImporter
  readonly rules: SourceRules
  readonly accounts: AccountRepository
}

const limits = { source: 4_096, name: 200, clientMutationId: 200 } as const

export class DatasetImportService {
  readonly #parts: DatasetImportServiceParts

  constructor(parts: DatasetImportServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    unfinished: boolean,
  ): Promise<Connection<DatasetImport>> {
    const { imports } = this.#parts
    const { rows, totalCount } = await imports.page(viewer.projectId, page, unfinished)
    const nodeOf = toDatasetImport
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async get(viewer: Viewer, id: string): Promise<DatasetImport | null> {
    const row = isUuid(id) ? await this.#parts.imports.find(viewer.projectId, id) : null
    return row === null ? null : toDatasetImport(row)
  }

  /** Checks what can be checked at once, writes and begins. @throws UserFailure; then nothing was written */
  async add(viewer: Viewer, input: ImportDatasetInput): Promise<DatasetImport> {
    const { imports, importer, rules, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const request = 'clientMutationId'
    const clientMutationId = checkText(input[request], request, limits[request])
    const same =
      clientMutationId && (await imports.sameRequest(projectId, authorId, clientMutationId))
    if (same) {
      accounts.leaveToFirst(viewer)
      return toDatasetImport(same)
    }
    const source = checkText(input.source.trim(), 'source', limits.source)
    if (source === null)
      throw new UserFailure('BAD_ARGUMENT', 'The source is empty.', {
        field: 'source',
        cure: 'Upload a file, or write an address or the path of a file on the server.',
      })
    const format = checkFormat(input.format)
    const asked = checkText(input.name?.trim(), 'name', limits.name)
    const found = await readDatasetSource(source, authorId, rules)
    const name = asked ?? found.name.slice(0, limits.name)
    const values = { projectId, authorId, source, name, format, clientMutationId }
    const { row, created } = await imports.create(values)
    if (created) {
      importer.add(row.id)
      await accounts.recordEvent(viewer, 'dataset-import.create', row.id)
    } else accounts.leaveToFirst(viewer)
    return toDatasetImport(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<DatasetImport> {
    const { imports, importer } = this.#parts
    const row = isUuid(id) ? await imports.cancel(viewer.projectId, id) : null
    if (row !== null) {
      importer.abort(id)
      return toDatasetImport(row)
    }
    if ((await this.get(viewer, id)) === null) throw notFound('import', 'id')
    throw new UserFailure('IMPORT_ENDED', 'It has ended already, so there is nothing to cancel.', {
      field: 'id',
      cure: 'Reload the list to see its state.',
    })
  }
}

function checkFormat(format: string | null | undefined): string | null {
  if (format === null || format === undefined || format === '' || format === 'auto') return null
  if (isDatasetFormat(format)) return format
  throw new UserFailure('BAD_ARGUMENT', `There is no format "${format.slice(0, 100)}".`, {
    field: 'format',
    cure: `Known ones are ${datasetFormatNames.join(', ')}.`,
  })
}

export function toDatasetImport(row: DatasetImportRow): DatasetImport {
  const error = row.error as { code: string; message: string; cure: string } | null
  const receivedBytes = Number(row.receivedBytes)
  const totalBytes = row.totalBytes === null ? null : Number(row.totalBytes)
  return {
    ...row,
    ...{ receivedBytes, totalBytes, version: row.progressVersion },
    rejections: row.rejections as unknown as RejectedCase[],
    secondsLeft: secondsLeft(row, receivedBytes, totalBytes),
    error: error === null ? null : { ...error, attempt: 1, retried: false },
  }
}

function secondsLeft(
  { state, startedAt }: DatasetImportRow,
  received: number,
  total: number | null,
): number | null {
  if (state !== 'RUNNING' || startedAt === null || total === null || received === 0) return null
  const seconds = (Date.now() - startedAt.getTime()) / 1_000
  return Math.max(0, (seconds * (total - received)) / received)
}
