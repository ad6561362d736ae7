// What can be asked about edits of a model, as plain data that crosses to the engine's process and back.
import type { EditMethodName } from '../edits/edit-method.js'
import type { EditRequest } from '../edits/edit-request.js'
import type { Edit } from '../edits/edit.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import type { ProviderChoice } from '../runtime/provider.js'
import type {
  ComputedEdit,
  EditDifference,
  EditInterference,
  EditPreview,
  EditPromptKind,
  EditReading,
  ExportedModel,
  TriedEdits,
} from './edit-answer.js'

/** A prompt that the edit shall leave alone, and its right answer. */
export interface NeighborProbe {
  readonly prompt: string
  readonly target: string
}

export interface AskedProbe {
  readonly prompt: string
  /** An answer whose probability is followed. */
  readonly target?: string
}

/** Prompts on which the effect of an edit is shown, besides its own. */
export interface EditProbes {
  /** The answer before the edit, of the first request. */
  readonly truth?: string
  /** Other ways to ask the first request. */
  readonly paraphrases?: readonly string[]
  readonly neighbors?: readonly NeighborProbe[]
  /** Continued with and without the edit; the first request's own prompt when there is none. */
  readonly generationPrompts?: readonly string[]
  /** Prompts that somebody wants to see, whatever the edit is for. */
  readonly asked?: readonly AskedProbe[]
}

interface OnModel {
  /** Name or directory. */
  readonly model: string
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
}

interface WantedEdit extends OnModel {
  readonly method: EditMethodName
  readonly requests: readonly EditRequest[]
  /** Those that differ from the defaults. */
  readonly hyperparameters?: HyperparameterValues
  /** 0 when absent. */
  readonly seed?: number
  /** Edits the model runs under meanwhile, in order. */
  readonly onTopOf?: readonly Edit[]
  readonly probes?: EditProbes
  /** Path of a trained editor, for mend; the one under Imprint's home when absent. */
  readonly mendCheckpoint?: string
}

export interface ComputeEditTask extends WantedEdit {
  readonly kind: 'compute-edit'
}

/** What an edit would meet and do, as far as a pass or two can tell. */
export interface PreviewEditTask extends WantedEdit {
  readonly kind: 'preview-edit'
}

/** A prompt with a stack of edits beside the unedited model. */
export interface TryEditsTask extends OnModel {
  readonly kind: 'try-edits'
  /** In order; none is the model itself. */
  readonly edits: readonly Edit[]
  readonly prompt: string
  readonly target?: string
  readonly truth?: string
  /** Also continuations; false when absent. */
  readonly generate?: boolean
}

export interface DiffPrompt {
  readonly kind: EditPromptKind
  readonly prompt: string
  readonly target?: string
}

export interface DiffEditsTask extends OnModel {
  readonly kind: 'diff-edits'
  readonly first: Edit
  readonly second: Edit
  /** As `ComputedEdit.readings`; read again when absent. */
  readonly firstReadings?: readonly EditReading[]
  readonly secondReadings?: readonly EditReading[]
  /** Prompts on which the two edits are compared. */
  readonly prompts: readonly DiffPrompt[]
}

/** Merges a stack into weights of their own, in the model's own files and layout. */
export interface ExportEditsTask extends OnModel {
  readonly kind: 'export-edits'
  readonly edits: readonly Edit[]
  /** Must not exist or be empty. */
  readonly directory: string
}

/** How much the edits of a stack disturb each other. */
export interface MapInterferenceTask extends OnModel {
  readonly kind: 'map-interference'
  /** At most 50. */
  readonly edits: readonly Edit[]
}

export type EditTask =
  | ComputeEditTask
  | PreviewEditTask
  | TryEditsTask
  | DiffEditsTask
  | ExportEditsTask
  | MapInterferenceTask

/** What each kind of task answers. */
export interface EditAnswers {
  readonly 'compute-edit': ComputedEdit
  readonly 'preview-edit': EditPreview
  readonly 'try-edits': TriedEdits
  readonly 'diff-edits': EditDifference
  readonly 'export-edits': ExportedModel
  readonly 'map-interference': EditInterference
}

export type EditAnswer<T extends EditTask = EditTask> = EditAnswers[T['kind']]

/** How far a task is. */
export interface EditTaskProgress {
  /** In words, such as "optimising the value"; "queued" while another task computes. */
  readonly stage: string
  /** null where the stage cannot be counted. */
  readonly done: number | null
  readonly total: number | null
  /** Loss of the step, where there is one. */
  readonly loss?: number
}
