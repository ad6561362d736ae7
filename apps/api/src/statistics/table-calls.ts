// What the thread that holds the cases is asked, and what it answers.
import type { CaseChoice, ColumnChoice, SortChoice } from './case-filter.js'
import type { Density, Distribution } from './case-histograms.js'
import type { StatisticsQuestion } from './comparison-statistics.js'

/** The rows of these versions, or newer ones. */
export interface EvaluationVersion {
  readonly id: string
  readonly version: number
}

export interface TableQuestion {
  readonly evaluations: readonly EvaluationVersion[]
  /** Of the protocol. */
  readonly metrics: number
  readonly armIds: readonly string[]
  readonly choice: CaseChoice
}

/** Counts of one arm among the chosen cases. */
export interface ArmCounts {
  readonly id: string
  readonly n: number
  readonly missing: number
  readonly failed: number
  readonly skipped: number
  readonly secondsPerEdit: number | null
  readonly peakBytes: number | null
}

export interface ColumnsAnswer {
  readonly cases: number
  readonly arms: readonly ArmCounts[]
  /** Whether all arms were asked for the same cases. */
  readonly shared: boolean
  /** Cases that every arm was asked for. */
  readonly sharedCases: number
  readonly columns: Pick<StatisticsQuestion, 'relations' | 'relationOf' | 'arms' | 'before'>
}

export interface WindowCell {
  readonly armId: string
  readonly outcome: number
  readonly metrics: readonly (number | null)[]
  readonly before: readonly (number | null)[]
}

export interface WindowRow {
  readonly place: number
  readonly caseId: string
  readonly relation: string
  readonly subject: string
  readonly prompt: string
  readonly targetNew: string | null
  readonly targetTrue: string | null
  readonly cells: readonly WindowCell[]
}

export interface WindowAnswer {
  readonly total: number
  readonly rows: readonly WindowRow[]
}

export interface WindowQuestion {
  readonly table: TableQuestion
  readonly sort: SortChoice
  readonly offset: number
  readonly limit: number
}

export interface DensityQuestion {
  readonly table: TableQuestion
  readonly x: ColumnChoice
  readonly y: ColumnChoice
  readonly bins: number
}

export interface TableAnswers {
  columns(question: TableQuestion): Promise<ColumnsAnswer>
  window(question: WindowQuestion): Promise<WindowAnswer>
  distributions(question: { table: TableQuestion; metric: number }): Promise<Distribution[]>
  density(question: DensityQuestion): Promise<Density>
}
