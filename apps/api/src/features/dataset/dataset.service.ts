// What can be done with data sets that are here.
import { datasetFormatTitle, protocolsFor } from '../../engine/dataset-library.js'
import type { CaseFeatures } from '../../engine/dataset-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import { checkText } from '../text-rules.js'
import type { DatasetCaseRepository, StoredCase } from './dataset-case.repository.js'
import type { DatasetCaseFilter } from './dataset.input.js'
import type { DatasetRepository, DatasetRow } from './dataset.repository.js'
import type { Dataset, DatasetCase, DatasetCasePage } from './dataset.type.js'
import { knownWordOf } from './known-answers.js'

export interface DatasetServiceParts {
  readonly datasets: DatasetRepository
  readonly cases: DatasetCaseRepository
  readonly accounts: AccountRepository
}

export const datasetLimits = { name: 200, search: 500, page: 500, relations: 1_000 } as const

export class DatasetService {
  readonly #parts: DatasetServiceParts

  constructor(parts: DatasetServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    search: string | null,
  ): Promise<Connection<Dataset>> {
    const text = checkText(search?.trim(), 'search', datasetLimits.search) ?? ''
    const { rows, totalCount } = await this.#parts.datasets.page(viewer.projectId, page, text)
    const nodeOf = toDataset
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Dataset[]> {
    const rows = await this.#parts.datasets.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map(toDataset)
  }

  async get(viewer: Viewer, id: string): Promise<Dataset | null> {
    const row = isUuid(id) ? await this.#parts.datasets.find(viewer.projectId, id) : null
    return row === null ? null : toDataset(row)
  }

  /** @throws DATASET_NOT_FOUND */
  async require(viewer: Viewer, id: string, field = 'datasetId'): Promise<Dataset> {
    const dataset = await this.get(viewer, id)
    if (dataset === null) throw datasetNotFound(field)
    return dataset
  }

  /** @throws DATASET_NOT_FOUND, and for a search that is no text */
  async casesOf(
    viewer: Viewer,
    datasetId: string,
    filter: DatasetCaseFilter,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<DatasetCasePage> {
    await this.require(viewer, datasetId)
    const { relations = null, onlyKnown, sliceId = null, knownByModelId = null } = filter
    relations?.forEach((one) => checkText(one, 'relations', datasetLimits.name))
    const foreign = [sliceId, knownByModelId].some((id) => id !== null && !isUuid(id))
    if (foreign || (onlyKnown === true && knownByModelId === null)) return { cases: [], total: 0 }
    const { rows, total } = await this.#parts.cases.page({
      ...{ datasetId, relations, sliceId, knownByModelId, onlyKnown: onlyKnown === true },
      search: checkText(filter.search, 'search', datasetLimits.search),
      offset: Math.max(0, page.offset),
      limit: Math.max(1, Math.min(page.limit, datasetLimits.page)),
    })
    return { cases: rows.map(toDatasetCase), total }
  }

  async rename(viewer: Viewer, id: string, wanted: string): Promise<Dataset> {
    const name = checkText(wanted.trim(), 'name', datasetLimits.name)
    if (name === null)
      throw new UserFailure('BAD_ARGUMENT', 'The name is empty.', {
        field: 'name',
        cure: 'Write a name.',
      })
    const row = isUuid(id) ? await this.#parts.datasets.rename(viewer.projectId, id, name) : null
    if (row === null) throw datasetNotFound('id')
    await this.#parts.accounts.recordEvent(viewer, 'dataset.rename', id)
    return toDataset(row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const { datasets, accounts } = this.#parts
    await this.require(viewer, id, 'id')
    const slices = await datasets.countSlices(id)
    if (slices > 0)
      throw new UserFailure('DATASET_IN_USE', `${slices} slices are made of this data set.`, {
        field: 'id',
        cure: 'Delete the slices first, with what was computed on them.',
      })
    if (!(await datasets.remove(viewer.projectId, id))) throw datasetNotFound('id')
    await accounts.recordEvent(viewer, 'dataset.delete', id)
    return id
  }
}

export const datasetNotFound = (field: string): UserFailure => {
  const { message, cure } = notFound('data set', field)
  return new UserFailure('DATASET_NOT_FOUND', message, { field, cure })
}

export function toDataset(row: DatasetRow): Dataset {
  const features = row.features as unknown as CaseFeatures
  return {
    ...row,
    features,
    bytes: Number(row.bytes),
    formatTitle: datasetFormatTitle(row.format),
    protocols: protocolsFor(features),
    downloadUrl: `/api/datasets/${row.id}/cases.jsonl`,
  }
}

export function toDatasetCase({ place, record, known }: StoredCase): DatasetCase {
  const { id: caseId, relation, request, paraphrases, neighbors, generationPrompts } = record
  return {
    ...request,
    ...{ place, caseId, relation: relation.id, known: knownWordOf(known) },
    paraphrases: [...paraphrases],
    neighbors: neighbors.map(({ prompt, target }) => ({ prompt, target })),
    generationPrompts: [...generationPrompts],
  }
}
