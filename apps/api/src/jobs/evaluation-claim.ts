// What a worker holds of an evaluation: some cases in a row, for arms of one model that are computed together.
import type { AttemptFailure } from './run-lease.repository.js'
import type { Claim } from './attempts.js'

/** What every batch of an evaluation is computed with. */
export interface EvaluationSettingsJson {
  readonly divergence: boolean
  readonly generation: { readonly length: number; readonly topK: number } | null
  readonly casesPerBatch: number
  readonly threads: number | null
  /** In the engine's words. */
  readonly provider: 'auto' | 'cpu' | 'webgpu' | 'cuda'
  readonly preset: string | null
}

export interface ClaimedBatch extends Claim {
  readonly owner: string
  readonly evaluationId: string
  readonly computedWith: number
  readonly modelId: string
  readonly firstCase: number
  readonly cases: number
  readonly retry: boolean
  /** The only arm to compute; null for all that are computed together. */
  readonly armId: string | null
  /** Times it took the engine down. */
  readonly crashes: number
  /** Times its lease expired, this time included. */
  readonly losses: number
  /** Whether this claim found an expired lease. */
  readonly lost: boolean
  readonly protocol: string
  readonly seed: number
  readonly settings: EvaluationSettingsJson
}

/** An arm of a batch that is to be computed. */
export interface ClaimedArm {
  readonly id: string
  readonly name: string
  readonly method: string
  readonly hyperparameters: object
  readonly defaults: string
}

export interface ClaimedCase {
  /** Place in the slice, from 0. */
  readonly place: number
  readonly caseId: string
  readonly relation: string
  /** The engine's evaluation case. */
  readonly record: object
}

/** A failure with the values that stand in the row. */
export interface BatchFailure extends AttemptFailure {
  readonly details?: Readonly<Record<string, unknown>>
}

/** One row to store; `prompts` and `record` are JSON. */
export interface RowToStore {
  readonly armId: string
  readonly place: number
  readonly kind: 'ROW' | 'FAILURE'
  readonly caseId: string
  readonly relation: string
  readonly metrics: readonly number[]
  readonly before: readonly number[]
  readonly prompts: unknown
  readonly record: unknown
  readonly editMilliseconds: number | null
  readonly measureMilliseconds: number | null
  readonly peakBytes: number | null
}

/** Attempts at one case under an arm that may take the engine down before it counts as failed: in its batch, then alone. */
export const mostCrashes = 2
/** Expired leases after which a batch is suspected of taking its workers down. */
export const suspiciousLosses = 64
