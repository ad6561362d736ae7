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

export interface EngineHost {
  /** @throws LensEngineError; ENGINE_CRASHED or ENGINE_OUT_OF_MEMORY when the computing process died */
  run(job: EngineJob): Promise<LensResult>
  /** The same for tasks about edits. @throws as `run` */
  edit<Task extends EditTask>(job: EditJob<Task>): Promise<EditAnswer<Task>>
  /** What this machine offers and what it takes by itself. @throws LensEngineError when it cannot be found out */
  devices(): Promise<FoundDevices>
  close(): Promise<void>
}
