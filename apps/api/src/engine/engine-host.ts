// What a worker needs of the engine: run one request somewhere else, be told its stages, stop it at once.
import type {
  Edit,
  EditAnswer,
  EditTask,
  EditTaskProgress,
  FoundDevices,
  LensProgress,
  LensRequest,
  LensResult,
  LensStage,
  ProviderChoice,
} from './engine-vocabulary.js'
import type { EvaluationAnswer, EvaluationTask, EvaluationTaskProgress } from './evaluation-task.js'

export interface EngineJob {
  /** The model's directory in the model store. */
  readonly directory: string
  readonly request: LensRequest
  /** What the model runs under, in order; the model as it is when empty. */
  readonly edits: readonly Edit[]
  /** Where to compute; `auto` leaves it to the worker's settings. */
  readonly provider: ProviderChoice
  /** `progress` comes with each block of a run that goes block by block. */
  readonly onStage: (stage: LensStage, progress?: LensProgress) => void
  /** Aborting ends the computation within two seconds, if need be by ending the process that computes. */
  readonly signal: AbortSignal
}

export interface EditJob<Task extends EditTask> {
  /** Without provider and threads: those are the worker's. */
  readonly task: Task
  readonly onProgress: (progress: EditTaskProgress) => void
  /** As for a run. */
  readonly signal: AbortSignal
}

export interface EvaluationJob<Task extends EvaluationTask> {
  /** A provider or threads that are absent are the worker's. */
  readonly task: Task
  readonly onProgress: (progress: EvaluationTaskProgress) => void
  /** As for a run. */
  readonly signal: AbortSignal
}

/** A process that computes. */
export interface EngineChild {
  readonly provider: string
  readonly processId: number | null
  readonly residentBytes: number | null
}

export interface EngineHost {
  /** Starts what computes unless it runs. @throws LensEngineError, ENGINE_UNAVAILABLE, when it does not start */
  start(): Promise<void>
  /** @throws LensEngineError; ENGINE_CRASHED or ENGINE_OUT_OF_MEMORY when the computing process died, ENGINE_UNAVAILABLE when none starts */
  run(job: EngineJob): Promise<LensResult>
  /** The same for tasks about edits. @throws as `run` */
  edit<Task extends EditTask>(job: EditJob<Task>): Promise<EditAnswer<Task>>
  /** The same for tasks of evaluations, slices and figures. @throws as `run` */
  evaluate<Task extends EvaluationTask>(job: EvaluationJob<Task>): Promise<EvaluationAnswer<Task>>
  /** The processes that compute, as they are now. */
  children(): readonly EngineChild[]
  /** What this machine offers and what it takes by itself. @throws LensEngineError when it cannot be found out */
  devices(): Promise<FoundDevices>
  close(): Promise<void>
}
