// What can be asked about evaluation cases, as plain data that crosses to the engine's process and back.
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { ProviderChoice } from '../runtime/provider.js'
import type {
  EvaluationArm,
  GenerationSettings,
  HeaderRecord,
  ResultRecord,
  TimingRecord,
} from './evaluation-record.js'
import type { KnownAnswer } from './known-cases.js'
import type { ProtocolName } from './metrics/protocols.js'

/** What every task about cases names. */
export interface CasesOnModel {
  /** Name or directory. */
  readonly model: string
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  readonly cases: readonly EvaluationCase[]
}

/** A batch of an evaluation: every arm on every case. */
export interface EvaluateCasesTask extends CasesOnModel {
  readonly kind: 'evaluate-cases'
  /** Complete, as `evaluationArms` gives them. */
  readonly arms: readonly EvaluationArm[]
  readonly protocol: ProtocolName
  readonly seed: number
  /** KL to the base on neighborhood prompts. */
  readonly divergence: boolean
  /** null: no texts. */
  readonly generation: GenerationSettings | null
  /** Path of a trained editor, for mend; the one under Imprint's home when absent. */
  readonly mendCheckpoint?: string
}

/** What the records of a batch depend on, besides the task itself; equal for every batch of an evaluation. */
export interface EvaluationReceipt {
  readonly model: HeaderRecord['model']
  /** The processor's or the GPU's name. */
  readonly device: string
  /** Context templates of each style, where an arm needs them. */
  readonly contexts: HeaderRecord['contexts']
  /** Digests of the key covariances that the arms read, by matrix. */
  readonly covariances: Readonly<Record<string, string>>
  /** sha256 of mend's trained editor; null where no arm uses one. */
  readonly mendEditor: string | null
  readonly engineVersion: string
  readonly runtimeVersion: string
}

export interface EvaluatedCases {
  /** Case by case, in each the arms in order. */
  readonly records: readonly ResultRecord[]
  readonly timings: readonly TimingRecord[]
  readonly receipt: EvaluationReceipt
}

/** Which of the true answers the unedited model gives. */
export interface KnownCasesTask extends CasesOnModel {
  readonly kind: 'known-cases'
}

export interface KnownAnswers {
  /** In the order of the cases. */
  readonly answers: readonly KnownAnswer[]
}

/** How far a task is. */
export interface CasesProgress {
  /** In words, such as "computing edits"; "queued" while another task computes. */
  readonly stage: string
  /** null where the stage cannot be counted. */
  readonly done: number | null
  readonly total: number | null
}
