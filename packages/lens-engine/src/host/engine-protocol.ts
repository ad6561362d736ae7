// What the supervisor and the engine's child process say to each other. Messages are structured clones, typed arrays included.
import type { EditAnswer, EditTask, EditTaskProgress } from '../editing/edit-task.js'
import type { Edit } from '../edits/edit.js'
import type { ErrorDetails, LensEngineErrorCode } from '../errors.js'
import type { LensRequest, LensResult } from '../lens/lens-result.js'
import type { LensStage } from '../lens/run-lens.js'
import type { LensProgress } from '../lens/stream-watch.js'
import type { ModelDescription } from '../runtime/describe-model.js'
import type { ProviderChoice } from '../runtime/provider.js'
import type { CasesAnswer, CasesTask } from './cases-task.js'

/** One run: some requests on one model. */
export interface EngineTask {
  /** Name or directory. */
  readonly model: string
  readonly requests: readonly LensRequest[]
  /** Edits the model runs under, in order; none when absent. */
  readonly edits?: readonly Edit[]
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  readonly seed?: number
  /** Run block by block; `auto`, when absent, does so where the whole does not fit into memory and blocks do. */
  readonly streaming?: boolean | 'auto'
}

/** How far a run is; `queued` while another one computes. */
export type EngineStage = 'queued' | LensStage

export type EngineCall =
  | { readonly kind: 'run'; readonly task: EngineTask }
  | { readonly kind: 'describe'; readonly model: string }
  | { readonly kind: 'edit'; readonly task: EditTask }
  | { readonly kind: 'evaluate'; readonly task: CasesTask }

export type EngineAnswer =
  | { readonly kind: 'run'; readonly results: readonly LensResult[] }
  | { readonly kind: 'describe'; readonly description: ModelDescription }
  | { readonly kind: 'edit'; readonly answer: EditAnswer }
  | { readonly kind: 'evaluate'; readonly answer: CasesAnswer }

/** Supervisor to child. */
export interface EngineMessage {
  readonly id: number
  readonly call: EngineCall
}

/** A LensEngineError on the wire. */
export interface SentError {
  readonly code: LensEngineErrorCode
  readonly message: string
  readonly cure: string
  readonly details: ErrorDetails
}

/** Child to supervisor. */
export type EngineReply =
  | { readonly type: 'ready' }
  | {
      readonly type: 'stage'
      readonly id: number
      readonly stage: EngineStage
      readonly progress?: LensProgress
    }
  | { readonly type: 'progress'; readonly id: number; readonly progress: EditTaskProgress }
  | { readonly type: 'answer'; readonly id: number; readonly answer: EngineAnswer }
  | { readonly type: 'error'; readonly id: number; readonly error: SentError }

/** Environment variable that tells the child the supervisor's process id. */
export const parentVariable = 'IMPRINT_ENGINE_PARENT'
