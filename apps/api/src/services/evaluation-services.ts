// The services of evaluations and of the page of workers.
import type { Database, RunNotifications } from '../database/index.js'
import { EditLibrary } from '../engine/edit-library.js'
import { EvaluationLibrary } from '../engine/evaluation-library.js'
import type { ModelLibrary } from '../engine/model-library.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import { ActivityRepository } from '../features/activity/activity.repository.js'
import type { DeviceService } from '../features/device/device.service.js'
import type { EditMethodService } from '../features/edit/edit-method.service.js'
import { EvaluationChecks } from '../features/evaluation/check-evaluation.js'
import { EvaluationEstimateRepository } from '../features/evaluation/evaluation-estimate.repository.js'
import { EvaluationEstimateService } from '../features/evaluation/evaluation-estimate.service.js'
import { EvaluationProgressRepository } from '../features/evaluation/evaluation-progress.repository.js'
import { EvaluationProgressService } from '../features/evaluation/evaluation-progress.service.js'
import { EvaluationSliceRepository } from '../features/evaluation/evaluation-slice.repository.js'
import { EvaluationRepository } from '../features/evaluation/evaluation.repository.js'
import { EvaluationService } from '../features/evaluation/evaluation.service.js'
import type { ModelService } from '../features/model/model.service.js'
import { WorkerReportRepository } from '../features/worker/worker-report.repository.js'
import { WorkerService } from '../features/worker/worker.service.js'

export interface EvaluationServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly home: string
  readonly accounts: AccountRepository
  readonly models: ModelService
  readonly library: ModelLibrary
  readonly devices: DeviceService
  readonly methods: EditMethodService
}

export function createEvaluationServices(parts: EvaluationServicesParts) {
  const { database, notifications, home, accounts, models, library, devices, methods } = parts
  const evaluationLibrary = new EvaluationLibrary(home)
  const slices = new EvaluationSliceRepository(database)
  const checks = new EvaluationChecks({ models, library, evaluationLibrary, slices, devices })
  const evaluations = new EvaluationService({
    ...{ slices, checks, accounts, activities: new ActivityRepository(database) },
    evaluations: new EvaluationRepository(database),
    titleOf: (method) => methods.titleOf(method),
  })
  const progressRows = new EvaluationProgressRepository(database)
  return {
    evaluations,
    evaluationProgress: new EvaluationProgressService(progressRows, evaluations, notifications),
    evaluationEstimates: new EvaluationEstimateService({
      ...{ checks, models, evaluationLibrary },
      earlier: new EvaluationEstimateRepository(database),
      editLibrary: new EditLibrary(home),
    }),
    workers: new WorkerService(new WorkerReportRepository(database), database.url),
  }
}
