// A figure as the API gives it (plain JSON of the engine) -> what is drawn; anything else is refused.
export interface FigureEstimate {
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly n: number
}

export interface FigurePoint extends FigureEstimate {
  readonly x: number
}

export interface FigureSeries {
  readonly name: string
  readonly dash?: boolean
  readonly points: readonly FigurePoint[]
}

export interface FigureCell extends FigureEstimate {
  readonly x: number
  readonly y: number
}

export interface FigureAxis {
  readonly label: string
  readonly unit?: string
  readonly scale: 'linear' | 'log'
  readonly domain?: readonly [number, number]
  readonly names?: readonly string[]
}

export interface FigureRow {
  readonly name: string
  readonly cells: readonly { readonly text: string; readonly value: number | null }[]
}

export interface FigureData {
  readonly kind: string
  readonly prompts: number
  readonly level: number
  readonly x: FigureAxis
  readonly y: FigureAxis
  readonly form: 'lines' | 'points' | 'heatmap' | 'table'
  readonly series: readonly FigureSeries[]
  readonly cells?: readonly FigureCell[]
  readonly color?: FigureAxis
  readonly columns?: readonly string[]
  readonly rows?: readonly FigureRow[]
  readonly notes: readonly string[]
}

const FORMS = ['lines', 'points', 'heatmap', 'table']

/** null for what is no figure, such as one of a newer version with another form. */
export function parseFigure(value: unknown): FigureData | null {
  if (typeof value !== 'object' || value === null) return null
  const data = value as Partial<FigureData>
  if (!FORMS.includes(data.form ?? '') || !data.x || !data.y) return null
  return {
    ...(data as FigureData),
    series: data.series ?? [],
    notes: data.notes ?? [],
    level: data.level ?? 0.95,
  }
}

export function isEmpty(data: FigureData): boolean {
  const points = data.series.reduce((sum, { points }) => sum + points.length, 0)
  return points === 0 && (data.cells?.length ?? 0) === 0 && (data.rows?.length ?? 0) === 0
}

export const axisTitle = ({ label, unit }: FigureAxis): string =>
  unit ? `${label}, ${unit}` : label
