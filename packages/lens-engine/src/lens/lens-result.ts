// What a lens run asks for and what it returns. Arrays are packed per (layer, matrix); text is resolved through `texts`.
import type { FactorName, MatrixName } from '../architectures/hook-points.js'

/** How a vector of the residual stream becomes logits: D v, D ln_f(v), or D ln_f(v / |v|) (Backward Lens, App. H). */
export type LensKind = 'raw' | 'final-norm' | 'normalized'

/** Which tokens of the target the loss scores: its first, its last (both at the prompt's last position), or all, teacher-forced. */
export type TargetMode = 'first' | 'last' | 'sequence'

export type TextOrIds = { readonly text: string } | { readonly ids: readonly number[] }

export interface LensRequest {
  readonly prompt: TextOrIds
  readonly target: TextOrIds
  readonly targetMode?: TargetMode
  readonly lens?: LensKind
  /** Matrices to project; all of the family when absent. */
  readonly matrices?: readonly MatrixName[]
  /** Tokens kept at each end of a projection, 1 to 50; 10 when absent. */
  readonly topK?: number
  /** Also the ordinary logit lens of the hidden states; true when absent. */
  readonly hiddenStates?: boolean
  /** Also imprint and shift of every MLP (Backward Lens, section 5); true when absent. */
  readonly imprint?: boolean
  /** Also the numerical rank of every matrix's gradient; true when absent. */
  readonly gradientRank?: boolean
  /** Also the directional-derivative check of every matrix's gradient; true when absent. */
  readonly gradientCheck?: boolean
  /** Also X and Delta of every matrix in float32; false when absent. */
  readonly vectors?: boolean
}

export interface Token {
  readonly id: number
  /** Bytes that are not whole characters appear as `\xNN`. */
  readonly text: string
}

export interface ScoredToken extends Token {
  readonly logit: number
  readonly probability: number
}

/** All cells of one matrix in one layer. T positions, k tokens at each end; arrays of T * k are row-major by position. */
export interface PackedCells {
  readonly layer: number
  readonly matrix: MatrixName
  readonly positions: number
  readonly k: number
  /** The factor that lives in the residual stream and therefore projects into the vocabulary. */
  readonly projectable: FactorName
  readonly inputNorm: Float32Array
  readonly vjpNorm: Float32Array
  /** 1 where the VJP is exactly zero, so nothing is written at this position. */
  readonly masked: Uint8Array
  /** Tokens strictly more probable than the target; 0 = most probable; -1 where a masked VJP has no ranks. */
  readonly targetRank: Int32Array
  readonly answerRank: Int32Array
  readonly topIds: Int32Array
  readonly topLogits: Float32Array
  readonly topProbabilities: Float32Array
  /** Least probable first. */
  readonly bottomIds: Int32Array
  readonly bottomLogits: Float32Array
  readonly bottomProbabilities: Float32Array
}

/** The ordinary logit lens of the residual stream after one block. */
export type PackedHiddenStates = Omit<
  PackedCells,
  'matrix' | 'projectable' | 'inputNorm' | 'vjpNorm' | 'masked'
> & { readonly norm: Float32Array }

/** Neurons of one layer that the update writes x_i into, and the shift it makes of the MLP's output; step size eta = -1. */
export interface ImprintAndShift {
  readonly layer: number
  /** `mlp.up`, and `mlp.gate` in gated families. */
  readonly matrix: MatrixName
  readonly positions: number
  readonly neurons: number
  /** Change of token i's own pre-activations by its own outer product: -|x_i|^2 delta_i (the paper's k = i). */
  readonly ownIds: Int32Array
  readonly ownChange: Float32Array
  /** The same by the whole gradient: -sum_k (x_k . x_i) delta_k. */
  readonly fullIds: Int32Array
  readonly fullChange: Float32Array
  /** |x_i|^2 |delta_i| of `mlp.down`, and the norm of sum_k (x_k . x_i) delta_k. */
  readonly shiftOwnNorm: Float32Array
  readonly shiftFullNorm: Float32Array
  /** Direct change of the target's logit by the whole shift, before the final norm: -D_target . sum_k (x_k . x_i) delta_k. */
  readonly shiftTargetLogit: Float32Array
}

/** Numerical rank of dL/dW = X^T Delta from its factors, in float64. */
export interface GradientRank {
  readonly layer: number
  readonly matrix: MatrixName
  readonly rank: number
  readonly largestSingularValue: number
  /** Singular values at or below this count as zero: max(n_in, n_out) * eps_float32 * largest. */
  readonly tolerance: number
}

/** Directional derivative of the loss for a rank-1 change of one matrix in all layers: by factors and by central difference. */
export interface GradientCheck {
  readonly matrix: MatrixName
  readonly analytic: number
  readonly measured: number
  readonly relativeError: number
}

export interface FactorVectors {
  readonly layer: number
  readonly matrix: MatrixName
  /** [positions, inputWidth] */
  readonly input: Float32Array
  readonly inputWidth: number
  /** [positions, vjpWidth] */
  readonly vjp: Float32Array
  readonly vjpWidth: number
}

export interface Receipt {
  readonly engineVersion: string
  readonly runtimeVersion: string
  readonly weightsDigest: string
  readonly tokenizerDigest: string | null
  readonly configDigest: string
  readonly graphDigest: string
  /** Ids of the edits the model ran under, in order; none for the model as it is. */
  readonly edits: readonly string[]
  readonly provider: string
  /** The processor's or the GPU's name. */
  readonly device: string
  readonly providerReason: string
  readonly dtype: string
  /** Whether blocks ran one after the other, and why. */
  readonly streaming: boolean
  readonly streamingReason: string
  /** Bytes predicted before the run: `total` and its parts (docs/memory.md). */
  readonly predictedMemory: Readonly<Record<string, number>>
  readonly threads: number
  readonly seed: number
  readonly lens: LensKind
  readonly targetMode: TargetMode
  /** Largest relative error of `gradientCheck`; null when it was not asked for. */
  readonly gradientCheckError: number | null
  readonly timings: Readonly<Record<string, number>>
}

export interface LensResult {
  readonly tokens: readonly Token[]
  /** Tokens of the prompt; in `sequence` mode `tokens` also holds the target's tokens but its last. */
  readonly promptLength: number
  readonly target: {
    readonly mode: TargetMode
    readonly tokens: readonly Token[]
    /** The token whose rank is reported: the first in `first` and `sequence` mode, the last in `last`. */
    readonly ranked: Token
  }
  /** Sum over the scored target tokens of -log p, in nats. */
  readonly loss: number
  readonly answer: ScoredToken
  readonly next: readonly ScoredToken[]
  readonly matrices: readonly PackedCells[]
  readonly hiddenStates: readonly PackedHiddenStates[]
  readonly imprint: readonly ImprintAndShift[]
  readonly gradientRank: readonly GradientRank[]
  readonly gradientCheck: readonly GradientCheck[]
  readonly vectors: readonly FactorVectors[]
  /** Text of every token id that occurs anywhere in the result. */
  readonly texts: Readonly<Record<number, string>>
  readonly receipt: Receipt
}
