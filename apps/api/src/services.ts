// Puts the API's parts together: repositories on one database, services on repositories.
import 'reflect-metadata'
import type { Database, RunNotifications } from './database/index.js'
import { EditLibrary } from './engine/edit-library.js'
import { ModelLibrary } from './engine/model-library.js'
import { ServerPaths } from './engine/server-paths.js'
import type { Environment } from './env.js'
import { AccountRepository } from './features/account/account.repository.js'
import { ActivityRepository } from './features/activity/activity.repository.js'
import { DeviceService } from './features/device/device.service.js'
import { EditContentRepository } from './features/edit/edit-content.repository.js'
import { EditFactService } from './features/edit/edit-fact.service.js'
import { EditMethodService } from './features/edit/edit-method.service.js'
import { EditProgressService } from './features/edit/edit-progress.service.js'
import { EditQuestions } from './features/edit/edit-questions.js'
import { EditStackRepository } from './features/edit/edit-stack.repository.js'
import { EditStackService } from './features/edit/edit-stack.service.js'
import { EditTaskRepository } from './features/edit/edit-task.repository.js'
import { EditTaskService } from './features/edit/edit-task.service.js'
import { EditRepository } from './features/edit/edit.repository.js'
import { EditService } from './features/edit/edit.service.js'
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
import { ProjectStartService } from './features/project-start/project-start.service.js'
import { PromptService } from './features/prompt/prompt.service.js'
import { ServerStatusService } from './features/server-status/server-status.service.js'
import { VectorFileRepository } from './features/vector-file/vector-file.repository.js'
import { VectorFileService } from './features/vector-file/vector-file.service.js'
import { WorkerRepository } from './jobs/worker.repository.js'
import { createAccountServices } from './services/account-services.js'
import { createDatasetServices } from './services/dataset-services.js'
import { createComparisonServices } from './services/comparison-services.js'
import { createScriptServices } from './services/script-services.js'
import { createFigureServices } from './services/figure-services.js'
import { createEvaluationServices } from './services/evaluation-services.js'
import { createNeuronServices } from './services/neuron-services.js'
import { createNotesServices } from './services/notes-services.js'
import { createTalkServices } from './services/talk-services.js'

export type Services = ReturnType<typeof createServices>

type ServicesEnvironment = Pick<
  Environment,
  | 'home'
  | 'datasets'
  | 'vectorCacheBytes'
  | 'modelDirectories'
  | 'datasetHosts'
  | 'uploadBytes'
  | 'accountSettings'
>

interface VectorFileParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly environment: ServicesEnvironment
}

export function createServices(
  database: Database,
  notifications: RunNotifications,
  environment: ServicesEnvironment,
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
  const shared = { database, notifications, environment, accounts, models, library }
  const edits = createEditServices(shared)
  const questions = edits.editQuestions
  const lensRuns = new LensRunService({
    ...{ runs, models, prompts, accounts, library, devices, questions },
  })
  const talk = createTalkServices({ database, notifications, accounts, library, models })
  const paths = new ServerPaths(environment.modelDirectories)
  const imports = new ModelImportRepository(database)
  const modelImports = new ModelImportService({ imports, models, accounts, paths })
  const datasetServices = createDatasetServices({ ...shared, paths })
  const projectStart = new ProjectStartService({ library, models, ...datasetServices })
  return {
    ...createAccountServices({ database, accounts, settings: environment.accountSettings }),
    ...datasetServices,
    projectStart,
    ...createScriptServices({ ...shared, uploads: datasetServices.uploads }),
    ...edits,
    ...createEvaluationServices({
      ...{ database, notifications, accounts, models, library, devices, home: environment.home },
      methods: edits.editMethods,
    }),
    ...createComparisonServices({ database, edits: edits.edits, home: environment.home }),
    ...createFigureServices({ database, notifications, accounts, models }),
    ...createNeuronServices({ ...shared, questions, edits: edits.edits }),
    ...talk,
    ...createNotesServices({ ...shared, anchors: talk.anchors }),
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
    vectorFiles: createVectorFiles(shared),
  }
}

const createVectorFiles = ({ database, notifications, environment }: VectorFileParts) =>
  new VectorFileService(new VectorFileRepository(database), notifications, environment)

interface EditServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly environment: Pick<Environment, 'home' | 'datasets'>
  readonly accounts: AccountRepository
  readonly models: ModelService
  readonly library: ModelLibrary
}

function createEditServices(parts: EditServicesParts) {
  const { database, notifications, environment, accounts, models, library } = parts
  const edits = new EditRepository(database)
  const tasks = new EditTaskRepository(database)
  const editLibrary = new EditLibrary(environment.home)
  const methods = new EditMethodService(models, editLibrary)
  const questions = new EditQuestions({ models, edits, library, editLibrary })
  const stacks = new EditStackRepository(database)
  const editTasks = new EditTaskService({ tasks, questions, accounts })
  return {
    editMethods: methods,
    editTasks,
    editQuestions: questions,
    editContents: new EditContentRepository(database),
    edits: new EditService({
      ...{ edits, tasks, questions, methods, accounts },
      activities: new ActivityRepository(database),
    }),
    editStacks: new EditStackService({ stacks, questions, models, methods, accounts }),
    editProgress: new EditProgressService(tasks, editTasks, notifications),
    editFacts: new EditFactService(environment.datasets, models),
  }
}
