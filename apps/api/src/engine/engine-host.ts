// What a worker needs of the engine: run one request somewhere else, be told its stages, stop it at once.
import type { LensRequest, LensResult, LensStage } from './engine-vocabulary.js'

export interface EngineJob {
  /** The model's directory in the model store. */
  readonly directory: string
  readonly request: LensRequest
  readonly onStage: (stage: LensStage) => void
  /** Aborting ends the computation within two seconds, if need be by ending the process that computes. */
  readonly signal: AbortSignal
}

export interface EngineHost {
  /** @throws LensEngineError; ENGINE_CRASHED or ENGINE_OUT_OF_MEMORY when the computing process died */
  run(job: EngineJob): Promise<LensResult>
  close(): Promise<void>
}
