// The answer about a comparison -> what the page looks up in it: columns, estimates, differences, colours.
import type { ComparisonQuery } from '../../graphql/generated/graphql'
import { showNumber } from '../lens/numbers'

export type Comparison = ComparisonQuery['comparison']
export type Arm = Comparison['arms'][number]
export type Estimate = Comparison['estimates'][number]
export type Difference = Comparison['differences'][number]
export type PublishedTable = Comparison['published'][number]

export interface Column {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly better: 'HIGHER' | 'LOWER' | 'NEITHER'
  readonly unit: string
  /** The largest value where there is one, such as 100 for percent; null when there is none. */
  readonly most: number | null
  readonly isScore: boolean
}

const NO_EDIT = 'no-edit'
const CONTROLS = new Set([NO_EDIT, 'random-layer', 'scale-neuron'])

/** Arms that are there to be beaten: they compete for nothing. */
export const isControl = ({ method }: { readonly method: string }): boolean => CONTROLS.has(method)

/** The metrics of the protocol, then its score. */
export function columnsOf({ protocol }: Pick<Comparison, 'protocol'>): readonly Column[] {
  const metrics = protocol.metrics.map(
    ({ name, label, description, better, unit, scale }): Column => ({
      name,
      label,
      description,
      better,
      unit,
      most: unit === '%' && scale === 100 ? 100 : null,
      isScore: false,
    }),
  )
  const { score } = protocol
  if (!score) return metrics
  const description = `Harmonic mean of the means of ${score.of.join(', ')}.`
  return [
    ...metrics,
    {
      name: score.name,
      label: score.label,
      description,
      better: 'HIGHER',
      unit: '%',
      most: 100,
      isScore: true,
    },
  ]
}

/** What is shown first: the parts of the score and the score, or the first metrics where there is no score. */
export function firstColumns({ protocol, estimates }: Comparison): readonly string[] {
  if (protocol.score) return [...protocol.score.of, protocol.score.name]
  const known = new Set(estimates.filter(({ mean }) => mean !== null).map(({ metric }) => metric))
  const names = protocol.metrics.map(({ name }) => name)
  const measured = names.filter((name) => known.has(name))
  return (measured.length > 0 ? measured : names).slice(0, 5)
}

/** What differences are taken against: the chosen arm, or the first that edits. */
export function referenceArm({ arms }: Comparison, chosen: string | null): string {
  const arm = arms.find(({ id }) => id === chosen) ?? arms.find((one) => !isControl(one)) ?? arms[0]
  return arm?.id ?? ''
}

export function estimateIndex(estimates: readonly Estimate[]): ReadonlyMap<string, Estimate> {
  return new Map(estimates.map((one) => [`${one.armId} ${one.metric}`, one]))
}

export interface SignedDifference extends Omit<Difference, 'firstArmId' | 'secondArmId'> {
  readonly firstArmId: string
  readonly secondArmId: string
}

const negative = (value: number | null): number | null => (value === null ? null : -value)

/** First minus second, whichever way the pair was computed; null where it was not. */
export function differenceOf(
  differences: readonly Difference[],
  metric: string,
  first: string,
  second: string,
): SignedDifference | null {
  for (const one of differences) {
    if (one.metric !== metric) continue
    if (one.firstArmId === first && one.secondArmId === second) return one
    if (one.firstArmId === second && one.secondArmId === first)
      return {
        ...one,
        firstArmId: first,
        secondArmId: second,
        difference: negative(one.difference),
        low: negative(one.high),
        high: negative(one.low),
        onlyFirst: one.onlySecond,
        onlySecond: one.onlyFirst,
      }
  }
  return null
}

/** The arm that is significantly better than every other edited arm; null when there is none. Controls do not compete. */
export function bestArm(comparison: Comparison, column: Column): string | null {
  const rivals = comparison.arms.filter((arm) => !isControl(arm))
  if (rivals.length < 2 || column.better === 'NEITHER') return null
  const sign = column.better === 'HIGHER' ? 1 : -1
  const beats = (one: Arm, other: Arm) => {
    const found = differenceOf(comparison.differences, column.name, one.id, other.id)
    return found !== null && found.significant && sign * (found.difference ?? 0) > 0
  }
  const best = rivals.find((one) => rivals.every((other) => other === one || beats(one, other)))
  return best?.id ?? null
}

export function showMetric(value: number | null | undefined, column: Column): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  return column.most === 100 ? value.toFixed(1) : showNumber(value)
}

export function showDifference(value: number | null, column: Column): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const text = showMetric(Math.abs(value), column)
  return `${value < 0 ? '−' : '+'}${text}`
}

/** Two percentages differ by percentage points. */
export const differenceUnit = ({ unit }: Column): string =>
  unit === '%' ? 'percentage points' : unit

export function showP(p: number | null | undefined): string {
  if (p === null || p === undefined) return 'p unknown'
  if (p < 0.001) return 'p < 0.001'
  return `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`
}

export const DIRECTIONS = {
  HIGHER: { sign: '↑', words: 'higher is better' },
  LOWER: { sign: '↓', words: 'lower is better' },
  NEITHER: { sign: '', words: 'neither direction is better' },
} as const

const TONES = 12

/** A colour for every arm, kept while arms are filtered; after twelve they come again. */
export function armTones(arms: readonly Arm[]): ReadonlyMap<string, string> {
  let next = 0
  return new Map(
    arms.map((arm) => [
      arm.id,
      arm.method === NO_EDIT ? 'var(--arm-control)' : `var(--arm-${next++ % TONES})`,
    ]),
  )
}

/** The API gives every arm a label that no other arm of the comparison has. */
export function armLabels(arms: readonly Arm[]): ReadonlyMap<string, string> {
  return new Map(arms.map(({ id, label }) => [id, label]))
}

/** A label without what stands in brackets: the column of a table has little room. */
export const headLabel = ({ label }: Column): string => label.replace(/ \([^)]*\)$/, '')
