// Series of numbers -> a drawing: scales, ticks, and lines with gaps where a number is missing.
import { scaleLinear, scaleLog } from 'd3-scale'

export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  readonly tone: 'first' | 'second' | 'quiet'
}

export interface PlotBox {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export type Scale = 'linear' | 'log' | 'rank'

export interface LinePlot {
  readonly x: (index: number) => number
  readonly y: (value: number) => number
  readonly ticks: readonly number[]
  readonly steps: readonly number[]
}

const numbersOf = (series: readonly Series[]): number[] =>
  series.flatMap(({ values }) => values.filter((value): value is number => isNumber(value)))

const isNumber = (value: number | null): boolean => value !== null && Number.isFinite(value)

/** A logarithmic axis is kept to positive numbers that span more than a decade. */
export function chooseScale(series: readonly Series[]): Scale {
  const values = numbersOf(series)
  const least = Math.min(...values)
  return least > 0 && Math.max(...values) / least > 30 ? 'log' : 'linear'
}

const RANKS = [0, 10, 100, 1000, 10_000, 100_000]

function rankScale(values: readonly number[], range: readonly [number, number]) {
  const most = Math.max(1, ...values)
  const inner = scaleLinear([0, Math.log10(most + 1)], [...range].reverse())
  return {
    y: (value: number) => inner(Math.log10(value + 1)),
    ticks: [...RANKS.filter((tick) => tick < most * 0.6), most],
  }
}

function valueScale(values: readonly number[], scale: Scale, range: readonly [number, number]) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (scale === 'log') {
    const log = scaleLog([least, most], range).nice()
    const decades = log.ticks().filter((tick) => Number.isInteger(Math.log10(tick)))
    return { y: (value: number) => log(value), ticks: decades.length > 1 ? decades : log.ticks(4) }
  }
  const low = Math.min(0, least)
  const linear = scaleLinear([low, most > low ? most : low + 1], range).nice(4)
  return { y: (value: number) => linear(value), ticks: linear.ticks(4) }
}

/** At most eight steps below the axis, the first and the last among them. */
export function stepTicks(count: number): number[] {
  if (count <= 1) return [0]
  const every = Math.max(1, Math.ceil((count - 1) / 7))
  const ticks = Array.from({ length: count }, (_, index) => index).filter(
    (index) => index % every === 0,
  )
  const last = count - 1
  return ticks.includes(last) ? ticks : [...ticks.filter((tick) => last - tick >= every / 2), last]
}

export function linePlot(series: readonly Series[], scale: Scale, box: PlotBox): LinePlot {
  const count = Math.max(1, ...series.map(({ values }) => values.length))
  const x = scaleLinear([0, Math.max(1, count - 1)], [box.left, box.width - box.right])
  const range = [box.height - box.bottom, box.top] as const
  const values = numbersOf(series)
  const known = values.length > 0 ? values : [0, 1]
  const { y, ticks } = scale === 'rank' ? rankScale(known, range) : valueScale(known, scale, range)
  return { x, y, ticks, steps: stepTicks(count) }
}

/** Unbroken stretches of points, as SVG writes them. */
export function pathsOf(
  { values }: Series,
  { x, y }: Pick<LinePlot, 'x' | 'y'>,
): readonly string[] {
  const stretches: string[][] = [[]]
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) stretches.push([])
    else stretches.at(-1)?.push(`${x(index).toFixed(1)},${y(value).toFixed(1)}`)
  })
  return stretches.filter((points) => points.length > 0).map((points) => points.join(' '))
}
