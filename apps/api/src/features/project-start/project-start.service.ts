// What a project has from its first moment on: the models of the store, and the facts that come with Imprint with slices of them.
import type { ModelLibrary } from '../../engine/model-library.js'
import type { Logger } from '../../logger.js'
import type { Viewer } from '../account/viewer.js'
import type { BundledDataset } from '../dataset/bundled-dataset.js'
import type { DatasetCaseRepository } from '../dataset/dataset-case.repository.js'
import type { ModelService } from '../model/model.service.js'
import type { SliceService } from '../slice/slice.service.js'

export interface ProjectStartParts {
  readonly library: ModelLibrary
  readonly models: ModelService
  readonly bundledDataset: BundledDataset
  readonly datasetCases: DatasetCaseRepository
  readonly slices: SliceService
}

export interface ProjectStart {
  /** Null where the bundled model is not in the store or cannot be opened. */
  readonly bundledModelId: string | null
  readonly datasets: number
}

/** Facts that no hyperparameter was chosen with and no editor was trained on. */
const startSlices = [
  { name: '1,000 facts for tables', first: 1_000 },
  { name: '100 facts', first: 100 },
] as const

export class ProjectStartService {
  readonly #parts: ProjectStartParts
  #logger: Logger | null = null

  constructor(parts: ProjectStartParts) {
    this.#parts = parts
  }

  /** Where it says which models could not be opened. */
  logTo(logger: Logger): void {
    this.#logger = logger
  }

  /** Idempotent: what the project has already is left as it is. */
  async fill(viewer: Viewer): Promise<ProjectStart> {
    const bundledModelId = await this.#registerModels(viewer)
    return { bundledModelId, datasets: await this.#addFacts(viewer) }
  }

  /** A row for every model of the store that can be opened. */
  async #registerModels(viewer: Viewer): Promise<string | null> {
    const { library, models } = this.#parts
    let bundledId: string | null = null
    for (const { name, bundled } of library.available()) {
      try {
        const model = await models.register(viewer, bundled ? 'bundled' : name, bundled)
        if (bundled) bundledId = model.id
      } catch (error) {
        this.#logger?.warn({ err: error, model: name }, 'this model cannot be opened')
      }
    }
    return bundledId
  }

  async #addFacts(viewer: Viewer): Promise<number> {
    const { bundledDataset, datasetCases, slices } = this.#parts
    const datasetId = await bundledDataset.ensure(viewer)
    if (datasetId === null) return 0
    for (const { name, first } of startSlices) {
      const rows = await datasetCases.after(datasetId, 0, first)
      const caseIds = rows.map(({ record }) => record.id)
      const clientMutationId = `demo: ${name} of ${datasetId}`
      await slices.create(viewer, { datasetId, name, caseIds, clientMutationId })
    }
    return 1
  }
}
