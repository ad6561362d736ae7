// Progress as it comes in -> what is shown: never an older reading after a newer one, partial metrics by arm and metric in the metric's unit.
import type {
  EvaluationState,
  LiveEvaluationQuery,
  LiveProgressPartsFragment,
} from '../../../graphql/generated/graphql'
import { isFinal } from '../evaluation-words'

export type LiveEvaluation = NonNullable<LiveEvaluationQuery['evaluation']>
export type Progress = LiveProgressPartsFragment
export type Partial = Progress['partial'][number]
export type Metric = LiveEvaluation['protocol']['metrics'][number]

interface Versioned {
  readonly evaluationId: string
  readonly version: number
}

/** The newer of two readings of one evaluation. */
export function newerProgress<T extends Versioned>(known: T, heard: T | null | undefined): T {
  return heard && heard.evaluationId === known.evaluationId && heard.version > known.version
    ? heard
    : known
}

/** Whether the evaluation has just come to its end. */
export const hasEnded = (before: EvaluationState, now: EvaluationState): boolean =>
  !isFinal(before) && isFinal(now)

export type PartialIndex = ReadonlyMap<string, Partial>

const keyOf = (armId: string, metric: string): string => `${armId}\n${metric}`

export const indexPartials = (partials: readonly Partial[]): PartialIndex =>
  new Map(partials.map((partial) => [keyOf(partial.armId, partial.metric), partial]))

export const partialOf = (index: PartialIndex, armId: string, metric: string): Partial | null =>
  index.get(keyOf(armId, metric)) ?? null

/** Metrics in the protocol's order that have a number by now, or all while none has. */
export function shownMetrics(
  metrics: readonly Metric[],
  partials: readonly Partial[],
): readonly Metric[] {
  const measured = new Set(partials.flatMap(({ metric, mean }) => (mean === null ? [] : [metric])))
  const shown = metrics.filter(({ name }) => measured.has(name))
  return shown.length > 0 ? shown : metrics
}

export interface Axis {
  readonly from: number
  readonly to: number
}

/** The range of a metric's bars: 0 to 100 for shares, else what all intervals of the metric take. */
export function axisOf({ name, scale, unit }: Metric, partials: readonly Partial[]): Axis {
  const numbers = partials
    .filter(({ metric }) => metric === name)
    .flatMap(({ mean, low, high }) => [mean, low, high].filter((value) => value !== null))
  const isShare =
    (unit === '%' || scale === 100) && numbers.every((v) => v >= -0.001 && v <= 100.001)
  if (isShare) return { from: 0, to: 100 }
  const from = Math.min(0, ...numbers)
  const to = Math.max(0, ...numbers)
  return from === to ? { from, to: from + 1 } : { from, to }
}

/** Where a value stands on its axis, in percent. */
export const placeOn = ({ from, to }: Axis, value: number): number =>
  Math.max(0, Math.min(100, (100 * (value - from)) / (to - from)))

/** An interval beside its mean: ± where it reaches about as far both ways, else both ends, as a share near 100 % has them. */
export function showSpread(
  { mean, low, high }: Pick<Partial, 'mean' | 'low' | 'high'>,
  digits: (value: number) => string,
): string {
  if (mean === null || low === null || high === null) return ''
  const half = (high - low) / 2
  return Math.abs(low + half - mean) <= 0.1 * half
    ? `±${digits(half)}`
    : `${digits(low)}–${digits(high)}`
}
