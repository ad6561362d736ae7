// What a method asks of the model: sequences with the deltas they run under, what to read, and what to differentiate.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { MatrixDelta } from '../matrix-delta.js'
import type { DeltaPart, DeltaSite, DivergenceDirection, HeadOutput } from './pass-plan.js'

/** Tokens whose log-probability after `position` is read. */
export interface ScoredPlace {
  /** Index in the sequence of the last token the prediction is made from. */
  readonly position: number
  readonly tokens: readonly number[]
  /** Weight of each token's -log p in the loss; 1 when absent. */
  readonly weights?: readonly number[]
}

/** A place whose whole distribution is compared with one that is fed. */
export interface DivergingPlace {
  readonly position: number
  /** Log-probabilities [vocabulary]. */
  readonly base: Float32Array
  /** Weight in the loss. */
  readonly weight: number
}

/** Where a vector of the request is added. */
export interface VectorPlace {
  /** Index among the request's vectors. */
  readonly vector: number
  readonly position: number
}

export interface PassSequence {
  readonly ids: readonly number[]
  /** This sequence's own deltas, besides those of the lab and the request. */
  readonly deltas?: readonly MatrixDelta[]
  /** Positions at which matrices and residual streams are read. */
  readonly captured?: readonly number[]
  readonly scored?: readonly ScoredPlace[]
  readonly diverging?: readonly DivergingPlace[]
  readonly vectors?: readonly VectorPlace[]
  /** Residual stream [positions, width] before `fromLayer`; needed when that is above 0. */
  readonly before?: Float32Array
}

export interface PassRequest {
  readonly sequences: readonly PassSequence[]
  /** Deltas of every sequence of this request, on top of the lab's own. */
  readonly deltas?: readonly MatrixDelta[]
  /** Vectors [out] that sequences may add to the output of a matrix at their positions. */
  readonly vectors?: { readonly at: MatrixAddress; readonly values: readonly Float32Array[] }
  readonly fromLayer?: number
  /** Matrices whose inputs x and outputs y are read at `captured`. */
  readonly inputs?: readonly MatrixAddress[]
  readonly outputs?: readonly MatrixAddress[]
  /** Layers after which the residual stream is read at `captured`; -1 is the embedding. */
  readonly residuals?: readonly number[]
  /** What is read at `scored`; nothing when absent and nothing is differentiated. */
  readonly head?: readonly HeadOutput[]
  readonly divergence?: DivergenceDirection
  /** What the weights of scored tokens multiply in the loss: -log p (when absent), or the token's logit. */
  readonly lossOf?: 'nll' | 'logit'
  /** Matrices whose X and Delta of the weighted loss are wanted. */
  readonly factors?: readonly MatrixAddress[]
  /** Matrices and parts of the request's or the sequences' deltas to differentiate. */
  readonly gradients?: readonly DeltaSite[]
  readonly vectorGradient?: boolean
}

/** Rows of one place or position. */
export type Rows = readonly Float32Array[]

export interface ScoredResult {
  /** -log p of each token, in nats; null unless asked for. */
  readonly nll: Float32Array | null
  /** The most probable token. */
  readonly argmax: number | null
  readonly logProbabilities: Float32Array | null
  readonly logits: Float32Array | null
}

export interface FactorRows {
  /** X [positions, in] */
  readonly input: Float32Array
  /** Delta [positions, out] */
  readonly vjp: Float32Array
  readonly positions: number
}

/** Gradient of a delta, by part; U and V side by side as in the delta. */
export interface DeltaGradient {
  readonly part: DeltaPart
  readonly address: MatrixAddress
  readonly u: Float32Array | null
  readonly v: Float32Array | null
  /** Of the dense matrix [in, out] or of the bias [out]. */
  readonly values: Float32Array | null
}

export interface SequenceResult {
  /** Address (`addressKey`) -> one row for each captured position. */
  readonly inputs: ReadonlyMap<string, Rows>
  readonly outputs: ReadonlyMap<string, Rows>
  /** Layer -> one row for each captured position. */
  readonly residuals: ReadonlyMap<number, Rows>
  readonly scored: readonly ScoredResult[]
  /** Nats, one for each diverging place. */
  readonly divergence: readonly number[]
  readonly factors: ReadonlyMap<string, FactorRows>
  /** Site name -> gradient of this sequence's own deltas. */
  readonly gradients: ReadonlyMap<string, DeltaGradient>
}

export interface PassResult {
  /** In the order of the request. */
  readonly sequences: readonly SequenceResult[]
  /** Weighted sum over everything scored and diverging; null when nothing is differentiated. */
  readonly loss: number | null
  /** Of each vector of the request, [out]. */
  readonly vectorGradients: Rows
  /** Site name -> gradient of the request's deltas. */
  readonly gradients: ReadonlyMap<string, DeltaGradient>
}
