// What one prompt contributes to the figures of Backward Lens: plain JSON, compact enough to store for every prompt.
import type { MatrixName } from '../architectures/hook-points.js'

/** A number for each (layer, segment), row by row by layer, segments in the order of `promptSegments`; null: no such place. */
export type SegmentTable = readonly (number | null)[]

export interface ObservedMatrix {
  readonly matrix: MatrixName
  /** Numerical rank of the gradient, by layer. */
  readonly gradientRank: readonly number[]
  /** Mean norm of x_i, and of delta_i, over the positions of a segment. */
  readonly inputNorm: SegmentTable
  readonly vjpNorm: SegmentTable
  /**
   * Mean rank, over the positions of a segment, of the target and of the model's own answer in the projection of the factor
   * that lives in the residual stream: 0 is the most probable token. Positions whose VJP is exactly zero have none. Only of
   * `mlp.up` (x_i) and `mlp.down` (delta_i), which the figures read.
   */
  readonly targetRank: SegmentTable | null
  readonly answerRank: SegmentTable | null
}

/** The smallest step of one edit at each layer: the first of `stepGrid` at which the target is the most probable token. */
export interface SmallestSteps {
  readonly method: StepMethod
  /** null where no step of the grid succeeds. */
  readonly byLayer: readonly (number | null)[]
}

export type StepMethod = 'forward-shift' | 'sgd'

export interface ObservedToken {
  readonly id: number
  readonly text: string
}

export interface PromptObservation {
  readonly caseId: string
  readonly relation: string
  readonly layers: number
  readonly vocabularySize: number
  readonly promptLength: number
  /** Positions in each segment, in the order of `promptSegments`. */
  readonly segmentLengths: readonly number[]
  readonly target: ObservedToken & {
    /** Tokens of the whole target; the first of them is what the loss scores. */
    readonly tokens: number
    /** Which answer of the case it is: the one to teach, or the true one of data sets that teach none. */
    readonly from: 'new' | 'true'
  }
  /** The model's most probable next token, and whether it begins the true answer; null where the case has none. */
  readonly answer: ObservedToken & { readonly right: boolean | null }
  /** -log p(target), nats. */
  readonly loss: number
  readonly matrices: readonly ObservedMatrix[]
  /**
   * cos(delta^i, delta^j) of `mlp.down` at the last position, layers i < j, row by row; null where one is exactly zero.
   */
  readonly vjpCosine: readonly (number | null)[]
  /** Figure 4: by position and layer the least probable token of delta_i of `mlp.down`, and its norm; null where it is zero. */
  readonly projection: {
    readonly tokens: readonly string[]
    /** [positions x layers], row by row by position */
    readonly least: readonly (string | null)[]
    readonly norms: readonly number[]
  }
  /** Figure 26; null when it was not asked for. */
  readonly smallestStep: {
    /** The target is the answer without any edit, so no step has to be found. */
    readonly known: boolean
    readonly methods: readonly SmallestSteps[]
  } | null
}

/** A prompt that cannot be observed, and why. */
export interface SkippedPrompt {
  readonly caseId: string
  readonly skipped: string
}

export type ObservedPrompt = PromptObservation | SkippedPrompt

export const isObservation = (one: ObservedPrompt): one is PromptObservation => !('skipped' in one)
