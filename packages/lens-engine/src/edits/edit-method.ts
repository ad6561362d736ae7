// What an edit method is: its name, its hyperparameters, what it needs, and how it turns requests into deltas.
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { PreparedEditRequest } from './edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from './hyperparameters.js'
import type { MatrixDelta } from './matrix-delta.js'
import type { ContextStyle } from './shared/context-templates.js'
import type { EditLab } from './shared/edit-lab.js'

export const editMethodNames = [
  'forward-shift',
  'sgd',
  'ft',
  'ft-l',
  'rome',
  'r-rome',
  'memit',
  'mend',
  'alphaedit',
  'no-edit',
  'random-layer',
  'scale-neuron',
] as const

export type EditMethodName = (typeof editMethodNames)[number]

/** What a method needs besides the model and the request. */
export type EditNeed = 'key-covariance' | 'context-templates' | 'mend-checkpoint'

/** C = E[k k^T] of the inputs of a matrix, uncentred. */
export interface KeyCovariance {
  readonly address: MatrixAddress
  readonly width: number
  /** [width, width], row by row */
  readonly values: Float64Array
  /** Tokens it was computed from. */
  readonly samples: number
  /** sha256 of its file. */
  readonly digest: string
}

/** What an optimisation of v* (ROME) or z (MEMIT) found. */
export interface OptimizedValue {
  /** What is added to the output of the matrix, [width]. */
  readonly delta: Float32Array
  readonly trace: readonly EditTrace[]
}

/** What the caller supplies; each is asked for only by methods that name it in `needs`. */
export interface EditResources {
  readonly keyCovariance?: (address: MatrixAddress) => Promise<KeyCovariance>
  /** Texts with `{}` where a prompt goes, `{}` itself first; sampled from the model when absent. */
  readonly contextTemplates?: (style: ContextStyle) => Promise<readonly string[]>
  /** Path of the checkpoint. */
  readonly mendCheckpoint?: string
  /**
   * Values optimised before for this model and stack, by a digest of all they depend on: methods with equal settings share
   * them instead of optimising the same value twice. Nothing is kept when absent.
   */
  readonly values?: Map<string, OptimizedValue>
}

export interface EditProgress {
  /** What is being done, such as "optimising the value". */
  readonly stage: string
  readonly done: number
  readonly total: number
  /** Loss of the step, where there is one. */
  readonly loss?: number
}

export interface EarlierEdit {
  readonly method: EditMethodName
  readonly requests: readonly PreparedEditRequest[]
}

export interface ComputeOptions {
  readonly seed: number
  readonly resources: EditResources
  /** The edits the model runs under: what they wrote and how. */
  readonly earlier?: readonly EarlierEdit[]
  readonly onProgress: (progress: EditProgress) => void
}

/** A named series of numbers kept with an edit, such as the loss at each step. */
export interface EditTrace {
  readonly name: string
  readonly unit: string
  readonly values: readonly number[]
}

export type EditOutcome =
  | { readonly kind: 'edited' }
  /** Nothing was written, and why. */
  | { readonly kind: 'skipped'; readonly reason: string }

export interface MethodResult {
  readonly outcome: EditOutcome
  readonly deltas: readonly MatrixDelta[]
  readonly trace: readonly EditTrace[]
  readonly warnings: readonly string[]
}

export interface MethodDefaults {
  readonly values: HyperparameterValues
  readonly provenance: 'swept' | 'published' | 'derived'
  /** Where the values come from, in words. */
  readonly source: string
}

export interface EditMethod {
  readonly name: EditMethodName
  readonly title: string
  /** One paragraph. */
  readonly description: string
  /** Paper and equation, or code. */
  readonly source: string
  readonly hyperparameters: readonly HyperparameterSpec[]
  readonly needs: readonly EditNeed[]
  readonly requestsPerEdit: 'one' | 'many'
  /** Whether it can be computed of no request at all; false when absent. */
  readonly withoutRequests?: boolean
  /** Values for a model that nobody has published or swept values for. */
  deriveDefaults(
    model: Pick<LoadedModel, 'shape' | 'architecture'>,
  ): Omit<MethodDefaults, 'provenance'>
  /**
   * Computes the deltas that write the requests. Hyperparameters are complete and valid.
   * @throws NOT_FINITE, RUN_CANCELLED, and what the method's own file says
   */
  compute(
    lab: EditLab,
    requests: readonly PreparedEditRequest[],
    hyperparameters: HyperparameterValues,
    options: ComputeOptions,
  ): Promise<MethodResult>
}
