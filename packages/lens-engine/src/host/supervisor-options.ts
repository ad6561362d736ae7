// What a supervisor of the engine's process is told, and what it tells.
import type { EditTaskProgress } from '../editing/edit-task.js'
import type { LensEngineError } from '../errors.js'
import type { LensProgress } from '../lens/stream-watch.js'
import type { EngineStage } from './engine-protocol.js'

export interface EngineSupervisorOptions {
  /** Imprint's home directory; `resolveHome()` when absent. */
  readonly home?: string
  /** Runs after which the child is replaced, because the runtime leaks a little; 200 when absent. */
  readonly runsPerChild?: number
  /** Resident bytes above which a run is ended as ENGINE_OUT_OF_MEMORY; 90% of the memory when absent. */
  readonly maximumBytes?: number
  /** Resident bytes above which the child is replaced after a run; 60% of the memory when absent. */
  readonly recycleBytes?: number
  /** Milliseconds before the second restart after a crash; doubled each time, 10 s at most; 250 when absent. */
  readonly backOff?: number
  /** Told of everything that happens to the child. */
  readonly log?: (event: EngineEvent) => void
}

export type EngineEvent =
  | { readonly type: 'started' | 'recycled'; readonly processId: number | undefined }
  | {
      readonly type: 'crashed'
      readonly processId: number | undefined
      readonly error: LensEngineError
    }

export interface CallOptions {
  /** Aborting it ends the run, also in mid-computation. */
  readonly signal?: AbortSignal
  /** `progress` comes with every block of a run that goes block by block. */
  readonly onStage?: (stage: EngineStage, progress?: LensProgress) => void
  /** Told how far a task about edits or cases is. */
  readonly onProgress?: (progress: EditTaskProgress) => void
  /** Milliseconds after which a run that has started is ended. */
  readonly timeout?: number
}

export interface EngineStatus {
  readonly state: 'stopped' | 'idle' | 'running' | 'disposed'
  readonly processId: number | null
  readonly queued: number
  /** Runs the present child has finished. */
  readonly runs: number
  /** Children that ended without being told to. */
  readonly crashes: number
  readonly residentBytes: number | null
}
