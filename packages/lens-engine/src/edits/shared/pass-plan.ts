// The structure of one pass through the model: which layers run, where deltas enter, what leaves, what is differentiated.
// Passes of equal structure share a session; everything else (tokens, factors, places) is fed.
import type { MatrixAddress } from '../../architectures/hook-points.js'

/** `shared` deltas change every sequence of a batch, `each` those of one sequence. */
export type DeltaTier = 'shared' | 'each'
export type DeltaPart = 'low-rank' | 'dense' | 'bias'

/** A matrix that takes a change as graph inputs. */
export interface DeltaSite {
  readonly address: MatrixAddress
  readonly tier: DeltaTier
  readonly part: DeltaPart
}

/** What is read at scored places. */
export const headOutputs = ['nll', 'argmax', 'log-probabilities', 'logits'] as const
export type HeadOutput = (typeof headOutputs)[number]

/** KL(current || base) is what ROME's code computes; KL(base || current) is MEND's. */
export type DivergenceDirection = 'current-base' | 'base-current'

export interface PassPlan {
  /** First layer that runs; above 0 the residual stream before it is fed. */
  readonly fromLayer: number
  /** Last layer that runs; -1 when none does. */
  readonly throughLayer: number
  readonly sites: readonly DeltaSite[]
  /** Matrix to whose output fed vectors are added; null when none are. */
  readonly vectorsAt: MatrixAddress | null
  readonly inputs: readonly MatrixAddress[]
  readonly outputs: readonly MatrixAddress[]
  /** Layers after which the residual stream is read; -1 is the embedding. */
  readonly residuals: readonly number[]
  readonly head: readonly HeadOutput[]
  readonly divergence: DivergenceDirection | null
  /** Whether the loss sums -log p of the scored tokens, or their logits. */
  readonly lossOf: 'nll' | 'logit'
  /** Matrices whose X and Delta are wanted. */
  readonly factors: readonly MatrixAddress[]
  /** Sites with respect to whose inputs the loss is differentiated. */
  readonly siteGradients: readonly DeltaSite[]
  readonly vectorGradient: boolean
}

/** Equal for plans that need the same graph. */
export const planKey = (plan: PassPlan): string => `edit-pass ${JSON.stringify(plan)}`

export const needsGradient = (plan: PassPlan): boolean =>
  plan.vectorGradient || plan.factors.length > 0 || plan.siteGradients.length > 0

/** Whether the final norm and the decoder run. */
export const needsHead = (plan: PassPlan): boolean =>
  plan.head.length > 0 || plan.divergence !== null || needsGradient(plan)

/** Prefix of a site's graph inputs; low-rank sites append `.U` and `.V`. */
export const siteName = ({ address, tier, part }: DeltaSite): string =>
  `layers.${address.layer}.${address.matrix}.${tier}.${part}`

export const sameAddress = (a: MatrixAddress, b: MatrixAddress): boolean =>
  a.layer === b.layer && a.matrix === b.matrix
