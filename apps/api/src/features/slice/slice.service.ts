// What can be done with slices: choose cases at once, or have a worker ask a model which of them it knows.
import { createHash } from 'node:crypto'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { DatasetService } from '../dataset/dataset.service.js'
import type { Dataset } from '../dataset/dataset.type.js'
import type { RunError } from '../lens-run/lens-run.type.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import { checkDefinition, describeSlice } from './check-slice.js'
import type { CreateSliceInput } from './slice.input.js'
import type { SliceRepository, SliceRow } from './slice.repository.js'
import type { KnownCounts, Slice, SliceDefinition } from './slice.type.js'

export interface SliceServiceParts {
  readonly slices: SliceRepository
  readonly datasets: DatasetService
  readonly models: ModelService
  readonly accounts: AccountRepository
}

const limits = { name: 200, clientMutationId: 200 } as const

export class SliceService {
  readonly #parts: SliceServiceParts

  constructor(parts: SliceServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    datasetId: string | null,
  ): Promise<Connection<Slice>> {
    const { rows, totalCount } =
      datasetId !== null && !isUuid(datasetId)
        ? { rows: [], totalCount: 0 }
        : await this.#parts.slices.page(viewer.projectId, page, datasetId)
    const nodeOf = toSlice
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Slice[]> {
    const rows = await this.#parts.slices.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map(toSlice)
  }

  async get(viewer: Viewer, id: string): Promise<Slice | null> {
    const row = isUuid(id) ? await this.#parts.slices.find(viewer.projectId, id) : null
    return row === null ? null : toSlice(row)
  }

  /** Checks and chooses, or queues. @throws UserFailure; then nothing was written */
  async create(viewer: Viewer, input: CreateSliceInput): Promise<Slice> {
    const { slices, datasets, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const request = 'clientMutationId'
    const clientMutationId = checkText(input[request], request, limits[request])
    const same =
      clientMutationId && (await slices.sameRequest(projectId, authorId, clientMutationId))
    if (same) {
      accounts.leaveToFirst(viewer)
      return toSlice(same)
    }
    const dataset = await datasets.require(viewer, input.datasetId)
    const definition = checkDefinition(input)
    await this.#requireKnown(dataset.id, definition)
    const asked = checkText(input.name?.trim(), 'name', limits.name)
    const model = await this.#modelAsked(viewer, input.knownByModelId, dataset)
    const chosen = model === null ? await this.#choose(dataset, definition) : null
    const name = asked ?? describeSlice(dataset.name, definition, model?.name ?? null)
    const row = await slices.create({
      ...{ projectId, authorId, clientMutationId, definition, chosen, name },
      ...{ datasetId: dataset.id, knownByModelId: model?.id ?? null },
    })
    await accounts.recordEvent(viewer, 'slice.create', row.id)
    return toSlice(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<Slice> {
    const cancelled = isUuid(id) && (await this.#parts.slices.cancel(viewer.projectId, id))
    const slice = await this.get(viewer, id)
    if (slice === null) throw notFound('slice', 'id')
    if (cancelled) return slice
    throw new UserFailure('SLICE_ENDED', 'Its cases are chosen already, or it had ended.', {
      field: 'id',
      cure: 'Reload the list to see its state.',
    })
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const { slices, accounts } = this.#parts
    if ((await this.get(viewer, id)) === null) throw notFound('slice', 'id')
    const uses = await slices.countUses(id)
    if (uses > 0)
      throw new UserFailure('SLICE_IN_USE', `${uses} evaluations or figures are made on it.`, {
        field: 'id',
        cure: 'Delete those first.',
      })
    await slices.remove(viewer.projectId, id)
    await accounts.recordEvent(viewer, 'slice.delete', id)
    return id
  }

  async #choose(dataset: Dataset, definition: SliceDefinition) {
    const places = await this.#parts.slices.choose(dataset.id, definition)
    if (places.length > 0) return { places, digest: sliceDigest(dataset.digest, places) }
    throw new UserFailure('SLICE_EMPTY', `No case of ${dataset.name} is all that was asked for.`, {
      cure: 'Ask for less: another relation, another text, or fewer conditions.',
    })
  }

  /** @throws SLICE_UNKNOWN_RELATION, SLICE_UNKNOWN_CASE with the first names that the data set has not */
  async #requireKnown(datasetId: string, { relations, caseIds }: SliceDefinition): Promise<void> {
    const checks = [
      ['relation', relations, 'SLICE_UNKNOWN_RELATION', 'relations'],
      ['case_id', caseIds, 'SLICE_UNKNOWN_CASE', 'caseIds'],
    ] as const
    for (const [column, asked, code, field] of checks) {
      if (asked === null) continue
      const missing = await this.#parts.slices.unknown(column, datasetId, asked)
      if (missing.length === 0) continue
      const what = column === 'relation' ? 'relations' : 'case ids'
      const shown = missing.slice(0, 5).map((name) => name.slice(0, 100))
      const message = `The data set has not ${missing.length} of these ${what}: ${shown.join(', ')}.`
      throw new UserFailure(code, message, { field, cure: 'Take them away, or correct them.' })
    }
  }

  async #modelAsked(viewer: Viewer, id: string | null | undefined, dataset: Dataset) {
    if (id === null || id === undefined) return null
    const field = 'knownByModelId'
    const model = await this.#parts.models.require(viewer, id, field)
    if (!model.hasTokenizer)
      throw new UserFailure('TOKENIZER_MISSING', `${model.name} has no tokenizer.`, {
        field,
        cure: 'Choose a model with a tokenizer.',
      })
    if (dataset.features.trueAnswers > 0) return model
    throw new UserFailure('SLICE_NO_ANSWERS', `${dataset.name} has no true answers.`, {
      field,
      cure: 'Choose cases without asking what a model knows, or use a data set such as CounterFact.',
    })
  }
}

/** What a slice is, whatever it was called and however it was chosen. */
export function sliceDigest(datasetDigest: string, places: readonly number[]): string {
  return createHash('sha256')
    .update(`${datasetDigest}\n${places.join(',')}`)
    .digest('hex')
}

export function toSlice(row: SliceRow): Slice {
  return {
    ...row,
    version: row.progressVersion,
    definition: row.definition as unknown as SliceDefinition,
    knownCounts: row.knownCounts as unknown as KnownCounts | null,
    error: row.error as unknown as RunError | null,
  }
}
