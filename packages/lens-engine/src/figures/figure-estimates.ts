// Readings of observations -> means over prompts with bootstrap intervals, all of a figure from one set of resamples.
import { bootstrapStatistics } from '../statistics/bootstrap.js'
import type { FigureEstimate, FigurePoint } from './figure-data.js'
import type { PromptObservation } from './prompt-observation.js'

export interface FigureOptions {
  readonly seed: number
  /** Coverage of the intervals; 0.95 when absent. */
  readonly level?: number
  /** The prompt of a figure that shows one; the first when absent. */
  readonly caseId?: string
}

/** What a figure reads from one prompt; null where the prompt has no such value. */
export type Reading = (observation: PromptObservation) => number | null

export const DEFAULT_LEVEL = 0.95
/** Enough for intervals as wide as a pen stroke, and quick for a heat map of a thousand cells. */
const RESAMPLES = 2000

/** What is averaged: the readings themselves, or their logarithms (all above 0), which gives the geometric mean. */
export type Averaging = 'arithmetic' | 'geometric'

/** An estimate for each reading, in order; null where no prompt has the value. */
export function estimateReadings(
  observations: readonly PromptObservation[],
  readings: readonly Reading[],
  { seed, level = DEFAULT_LEVEL }: FigureOptions,
  averaging: Averaging = 'arithmetic',
): (FigureEstimate | null)[] {
  const enter = averaging === 'geometric' ? Math.log : (value: number) => value
  const leave = averaging === 'geometric' ? Math.exp : (value: number) => value
  const columns = readings.map((reading) =>
    Float64Array.from(observations, (one) => {
      const value = reading(one)
      return value === null ? Number.NaN : enter(value)
    }),
  )
  const statistics = readings.map((_, column) => ({
    columns: [column],
    of: (means: Float64Array) => leave(means[0] as number),
  }))
  const estimates = bootstrapStatistics(columns, statistics, { seed, level, resamples: RESAMPLES })
  return estimates.map(({ estimate, n, interval }) =>
    n === 0
      ? null
      : {
          mean: sixDigits(estimate),
          low: sixDigits(Math.min(interval.low, estimate)),
          high: sixDigits(Math.max(interval.high, estimate)),
          n,
        },
  )
}

export interface LineToDraw {
  readonly name: string
  readonly dash?: boolean
  /** By layer. */
  readonly readings: readonly Reading[]
}

/** A series for each line; points without a prompt and lines without a point are left out. @param x place of each layer */
export function estimateLines(
  observations: readonly PromptObservation[],
  lines: readonly LineToDraw[],
  x: (layer: number) => number,
  options: FigureOptions & { readonly averaging?: Averaging },
) {
  const readings = lines.flatMap((line) => line.readings)
  const estimates = estimateReadings(observations, readings, options, options.averaging)
  let first = 0
  const series = lines.map(({ name, dash, readings: own }) => {
    const points = own.flatMap((_, layer): readonly FigurePoint[] => {
      const estimate = estimates[first + layer]
      return estimate === null || estimate === undefined ? [] : [{ x: x(layer), ...estimate }]
    })
    first += own.length
    return { name, ...(dash === true ? { dash } : {}), points }
  })
  return series.filter(({ points }) => points.length > 0)
}

/** A layer's place from 0, the first, to 1, the last. */
export const normalizedLayer =
  (layers: number) =>
  (layer: number): number =>
    layers === 1 ? 1 : sixDigits(layer / (layers - 1))

/** More digits than a figure shows; keeps its data small. */
export const sixDigits = (value: number): number => Number(value.toPrecision(6))
