// A figure as plain JSON: what it shows, with intervals over prompts, ready to be drawn, listed as a table or stored.

export type FigureKind =
  | 'gradient-rank'
  | 'projection-table'
  | 'norms-by-segment'
  | 'target-rank-by-segment'
  | 'submodule-norms'
  | 'input-norms'
  | 'ranks-normalized-layer'
  | 'answer-ranks'
  | 'vjp-cosine'
  | 'smallest-step'

export type FigureForm = 'lines' | 'heatmap' | 'points' | 'table'

/** A mean over prompts and its bootstrap interval. */
export interface FigureEstimate {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Prompts that have the value. */
  readonly n: number
}

export interface FigurePoint extends FigureEstimate {
  readonly x: number
}

export interface FigureSeries {
  readonly name: string
  /** Drawn with dashes. */
  readonly dash?: boolean
  readonly points: readonly FigurePoint[]
}

/** One square of a heat map; `x` and `y` are places in the names of the axes, or layers. */
export interface FigureCell extends FigureEstimate {
  readonly x: number
  readonly y: number
}

export interface FigureAxis {
  readonly label: string
  readonly unit?: string
  readonly scale: 'linear' | 'log'
  readonly domain?: readonly [low: number, high: number]
  /** Names of the places 0, 1, ... of an axis without numbers. */
  readonly names?: readonly string[]
}

/** A cell of a table: a text on a ground whose strength is the value. */
export interface FigureTableCell {
  readonly text: string
  readonly value: number | null
}

export interface FigureTableRow {
  readonly name: string
  readonly cells: readonly FigureTableCell[]
}

export interface FigureData {
  readonly kind: FigureKind
  /** Such as "Fig. 3". */
  readonly number: string
  readonly title: string
  readonly caption: string
  /** What the paper found, to compare with. */
  readonly lookFor: string
  /** Prompts it is made of. */
  readonly prompts: number
  /** Coverage of the intervals. */
  readonly level: number
  readonly x: FigureAxis
  readonly y: FigureAxis
  readonly form: FigureForm
  /** Lines and points; none in other forms. */
  readonly series: readonly FigureSeries[]
  /** Of a heat map. */
  readonly cells?: readonly FigureCell[]
  /** What the colour of a heat map or table means. */
  readonly color?: FigureAxis
  /** Names of the columns of a table. */
  readonly columns?: readonly string[]
  readonly rows?: readonly FigureTableRow[]
  /** Facts about these prompts that belong beside the figure. */
  readonly notes: readonly string[]
}

/** Observations of one model, for figures that lay several side by side. */
export interface NamedObservations<Observation> {
  readonly name: string
  readonly observations: readonly Observation[]
}
