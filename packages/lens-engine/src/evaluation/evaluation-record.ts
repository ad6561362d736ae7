// The lines of a results file: a header that says what was asked, a row or a failure for each case and arm, and an end.
import type { EditMethodName, EditOutcome } from '../edits/edit-method.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import type { PassCost } from '../edits/shared/edit-lab.js'
import type { ErrorDetails, LensEngineErrorCode } from '../errors.js'
import type { KnownCounts } from './known-cases.js'
import type { CaseRow } from './metrics/case-row.js'
import type { ProtocolName } from './metrics/protocols.js'

/** One way of editing that is evaluated: a method with its hyperparameters, under a name of its own. */
export interface EvaluationArm {
  /** Unique; stands as `method` in rows and tables. */
  readonly name: string
  readonly method: EditMethodName
  /** Complete. */
  readonly hyperparameters: HyperparameterValues
  /** Where those that were not given come from. */
  readonly defaults: string
}

export interface GenerationSettings {
  /** Tokens of a text, its prompt's included. */
  readonly length: number
  readonly topK: number
}

/** Everything the rows depend on. Equal headers give equal rows on one machine. */
export interface HeaderRecord {
  readonly kind: 'header'
  readonly format: 'imprint-evaluation'
  readonly version: 1
  readonly model: {
    readonly name: string
    readonly family: string
    readonly weightsDigest: string
    readonly configDigest: string
    readonly tokenizerDigest: string | null
    readonly provider: string
    readonly dtype: string
    readonly threads: number
  }
  readonly dataset: {
    readonly file: string
    readonly format: string
    readonly digest: string
    readonly cases: number
    /** sha256 of the ids of the chosen cases, in order. */
    readonly casesDigest: string
    /** Present where only cases were chosen whose true answer the unedited model gives. */
    readonly known?: KnownCounts
  }
  readonly protocol: ProtocolName
  readonly arms: readonly EvaluationArm[]
  readonly seed: number
  readonly casesPerBatch: number
  readonly divergence: boolean
  readonly generation: GenerationSettings | null
  /** Context templates of each style, where an arm needs them. */
  readonly contexts: Readonly<Record<string, readonly string[]>> | null
  readonly engineVersion: string
  readonly runtimeVersion: string
}

export interface RowRecord extends CaseRow {
  readonly kind: 'row'
  /** id of the edit */
  readonly edit: string
  readonly outcome: EditOutcome
  readonly warnings: readonly string[]
  /** Digests of the key covariances that the edit read, by matrix. */
  readonly covariances: Readonly<Record<string, string>>
  /** What computing the edit took; time and memory stand in the timings. */
  readonly cost: PassCost
}

export interface FailureRecord {
  readonly kind: 'failure'
  readonly caseId: string
  readonly relation: string
  readonly method: string
  readonly error: {
    readonly code: LensEngineErrorCode
    readonly message: string
    readonly cure: string
    readonly details: ErrorDetails
  }
}

export interface EndRecord {
  readonly kind: 'end'
  readonly rows: number
  readonly failures: number
  /** sha256 of the model's weight files after the last row; it equals the header's. */
  readonly weightsDigest: string
}

export type ResultRecord = RowRecord | FailureRecord

/** What differs from run to run, kept beside the results. */
export interface TimingRecord {
  readonly caseId: string
  readonly method: string
  /** Computing the edit. */
  readonly editMilliseconds: number
  /** Reading the prompts and writing texts under it: the batch's time shared among its cases. */
  readonly measureMilliseconds: number
  /** Largest resident memory of the process so far. */
  readonly peakBytes: number
}
