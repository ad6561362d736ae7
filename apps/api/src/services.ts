// Puts the API's parts together: repositories on one database, services on repositories.
import type { Database, RunNotifications } from './database/index.js'
import { ModelLibrary } from './engine/model-library.js'
import { ServerPaths } from './engine/server-paths.js'
import type { Environment } from './env.js'
import { AccountRepository } from './features/account/account.repository.js'
import { DeviceService } from './features/device/device.service.js'
import { FactService } from './features/fact/fact.service.js'
import { LensResultRepository } from './features/lens-run/lens-result.repository.js'
import { LensResultService } from './features/lens-run/lens-result.service.js'
import { LensRunRepository } from './features/lens-run/lens-run.repository.js'
import { LensRunService } from './features/lens-run/lens-run.service.js'
import { ProgressService } from './features/lens-run/progress.service.js'
import { ImportProgressService } from './features/model-import/import-progress.service.js'
import { ModelImportRepository } from './features/model-import/model-import.repository.js'
import { ModelImportService } from './features/model-import/model-import.service.js'
import { ModelRepository } from './features/model/model.repository.js'
import { ModelService } from './features/model/model.service.js'
import { TokenService } from './features/model/token.service.js'
import { PromptRepository } from './features/prompt/prompt.repository.js'
import { PromptService } from './features/prompt/prompt.service.js'
import { ServerStatusService } from './features/server-status/server-status.service.js'
import { VectorFileRepository } from './features/vector-file/vector-file.repository.js'
import { VectorFileService } from './features/vector-file/vector-file.service.js'
import { WorkerRepository } from './jobs/worker.repository.js'

export type Services = ReturnType<typeof createServices>

export function createServices(
  database: Database,
  notifications: RunNotifications,
  environment: Pick<Environment, 'home' | 'datasets' | 'vectorCacheBytes' | 'modelDirectories'>,
) {
  const accounts = new AccountRepository(database)
  const runs = new LensRunRepository(database)
  const results = new LensResultRepository(database)
  const promptRows = new PromptRepository(database)
  const library = new ModelLibrary(environment.home)
  const models = new ModelService(new ModelRepository(database), library)
  const prompts = new PromptService(promptRows, accounts, (viewer, id) => models.exists(viewer, id))
  const workers = new WorkerRepository(database)
  const devices = new DeviceService(workers)
  const lensRuns = new LensRunService({ runs, models, prompts, accounts, library, devices })
  const paths = new ServerPaths(environment.modelDirectories)
  const imports = new ModelImportRepository(database)
  const modelImports = new ModelImportService({ imports, models, accounts, paths })
  return {
    accounts,
    runs,
    results,
    models,
    prompts,
    lensRuns,
    library,
    devices,
    modelImports,
    importProgress: new ImportProgressService(modelImports, notifications),
    tokens: new TokenService(models, library),
    lensResults: new LensResultService(results),
    progress: new ProgressService(runs, notifications),
    facts: new FactService(environment.datasets, models),
    serverStatus: new ServerStatusService(workers, library, paths),
    vectorFiles: new VectorFileService(
      new VectorFileRepository(database),
      notifications,
      environment,
    ),
  }
}
