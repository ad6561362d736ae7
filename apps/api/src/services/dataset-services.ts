// Data sets and what is made of them: repositories, services, and the importer that works in the background.
import type { Database, RunNotifications } from '../database/index.js'
import type { ModelLibrary } from '../engine/model-library.js'
import type { ServerPaths } from '../engine/server-paths.js'
import type { Environment } from '../env.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import { BundledDataset } from '../features/dataset/bundled-dataset.js'
import { DatasetCaseRepository } from '../features/dataset/dataset-case.repository.js'
import { DatasetImporter } from '../features/dataset/dataset-importer.js'
import { DatasetImportRepository } from '../features/dataset/dataset-import.repository.js'
import { DatasetImportService } from '../features/dataset/dataset-import.service.js'
import { DatasetProgressService } from '../features/dataset/dataset-progress.service.js'
import { DatasetStoreRepository } from '../features/dataset/dataset-store.repository.js'
import { DatasetRepository } from '../features/dataset/dataset.repository.js'
import { DatasetService } from '../features/dataset/dataset.service.js'
import { UploadStore } from '../features/dataset/upload-store.js'
import type { ModelService } from '../features/model/model.service.js'
import { SliceProgressService } from '../features/slice/slice-progress.service.js'
import { SliceRepository } from '../features/slice/slice.repository.js'
import { SliceService } from '../features/slice/slice.service.js'
import { TokenSearchRepository } from '../features/token-search/token-search.repository.js'
import { TokenSearchService } from '../features/token-search/token-search.service.js'

export interface DatasetServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly environment: Pick<Environment, 'home' | 'datasets' | 'datasetHosts' | 'uploadBytes'>
  readonly accounts: AccountRepository
  readonly paths: ServerPaths
  readonly models: ModelService
  readonly library: ModelLibrary
}

export function createDatasetServices(parts: DatasetServicesParts) {
  const { database, notifications, environment, accounts, paths, models, library } = parts
  const datasetRows = new DatasetRepository(database)
  const cases = new DatasetCaseRepository(database)
  const imports = new DatasetImportRepository(database)
  const store = new DatasetStoreRepository(database)
  const uploads = new UploadStore(environment)
  const hosts = environment.datasetHosts
  const importer = new DatasetImporter({ imports, store, uploads, paths, hosts })
  const rules = { uploads, paths, hosts }
  const datasetImports = new DatasetImportService({ imports, importer, rules, accounts })
  const slices = new SliceRepository(database)
  const datasets = new DatasetService({ datasets: datasetRows, cases, accounts })
  const sliceService = new SliceService({ slices, datasets, models, accounts })
  return {
    tokenSearch: new TokenSearchService({
      ...{ models, library },
      search: new TokenSearchRepository(database),
    }),
    sliceRows: slices,
    slices: sliceService,
    sliceProgress: new SliceProgressService(sliceService, notifications),
    datasets,
    uploads,
    datasetRows,
    datasetCases: cases,
    datasetImporter: importer,
    datasetImports,
    datasetProgress: new DatasetProgressService(datasetImports, notifications),
    bundledDataset: new BundledDataset(environment.datasets, store),
  }
}
