// What is counted of a comparison: the question that goes into the thread, and the answer that is kept.

/** One arm's values of the chosen cases. */
export interface ArmColumns {
  readonly id: string
  /** [cases x metrics], row by row; NaN is not available. */
  readonly values: Float64Array
  /** Cases among the chosen ones that it was asked for. */
  readonly asked: number
}

/** The unedited model beside its arms. */
export interface BeforeColumns extends ArmColumns {
  readonly id: string
}

export interface StatisticsQuestion {
  readonly protocol: string
  /** Chosen metrics, the score's name among them; all when empty. */
  readonly metrics: readonly string[]
  readonly relations: readonly string[]
  /** [cases], indices into `relations`. */
  readonly relationOf: Int32Array
  readonly arms: readonly ArmColumns[]
  readonly before: readonly BeforeColumns[]
  readonly resamples: number
  readonly seed: number
}

export interface Estimate {
  readonly armId: string
  readonly metric: string
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number
  readonly missing: number
  readonly sd: number | null
  readonly wilsonLow: number | null
  readonly wilsonHigh: number | null
  readonly note: string | null
}

export interface Difference {
  readonly metric: string
  readonly firstArmId: string
  readonly secondArmId: string
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number
  readonly p: number | null
  readonly adjustedP: number | null
  readonly test: string | null
  readonly significant: boolean
  readonly onlyFirst: number | null
  readonly onlySecond: number | null
}

export interface RelationMeans {
  readonly relation: string
  readonly cases: number
  readonly cells: readonly {
    readonly armId: string
    readonly metric: string
    readonly mean: number | null
    readonly n: number
  }[]
}

export interface ComparisonStatistics {
  readonly cases: number
  readonly resamples: number
  readonly estimates: readonly Estimate[]
  readonly before: readonly Estimate[]
  readonly differences: readonly Difference[]
  readonly relations: readonly RelationMeans[]
}

/** Below this adjusted p-value a difference is called significant. */
export const significanceLevel = 0.05
