// Tasks of an evaluation as the engine's child process is given them, and what it answers.
import type {
  EvaluationArm,
  EvaluationCase,
  GenerationSettings,
  ProtocolName,
  ProviderChoice,
  ResultRecord,
  TimingRecord,
} from '@imprint/lens-engine'

interface OnModel {
  /** Name or directory. */
  readonly model: string
  readonly provider?: ProviderChoice
  readonly threads?: number
  readonly cases: readonly EvaluationCase[]
}

/** Every arm on every case. */
export interface EvaluateCasesTask extends OnModel {
  readonly kind: 'evaluate-cases'
  readonly arms: readonly EvaluationArm[]
  readonly protocol: ProtocolName
  readonly seed: number
  readonly divergence: boolean
  readonly generation: GenerationSettings | null
  readonly mendCheckpoint?: string
}

export type EvaluationReceipt = Readonly<Record<string, unknown>>

export interface EvaluatedCases {
  /** Case by case, in each the arms in order. */
  readonly records: readonly ResultRecord[]
  readonly timings: readonly TimingRecord[]
  readonly receipt: EvaluationReceipt
}

/** How much of the true answers the model gives by itself. */
export interface KnownCasesTask extends OnModel {
  readonly kind: 'known-cases'
}

/** What the figures of the paper take from each prompt. */
export interface ObservePromptsTask extends OnModel {
  readonly kind: 'observe-prompts'
  readonly smallestStep: boolean
  readonly seed: number
}

export interface EvaluationAnswers {
  readonly 'evaluate-cases': EvaluatedCases
  readonly 'known-cases': { readonly answers: readonly unknown[] }
  readonly 'observe-prompts': {
    readonly observations: readonly unknown[]
    readonly receipt: EvaluationReceipt
  }
}

export type EvaluationTask = EvaluateCasesTask | KnownCasesTask | ObservePromptsTask
export type EvaluationAnswer<Task extends EvaluationTask> = EvaluationAnswers[Task['kind']]

export interface EvaluationTaskProgress {
  readonly stage: string
  readonly done: number | null
  readonly total: number | null
}
