// A table of per-case values -> statistics of column means with bootstrap intervals over cases, one set of resamples for all.
import { LensEngineError } from '../errors.js'
import { smallestPairedP, twoSidedP } from './difference-p.js'
import { bcaInterval, type BootstrapInterval } from './interval.js'
import { OrderedSample } from './ordered-sample.js'
import { resampleMeans } from './resample-means.js'

export { drawResamples } from './resample-means.js'

export interface BootstrapOptions {
  readonly seed: number | string
  /** Number of resamples, 100 to 1,000,000. Default 10,000. */
  readonly resamples?: number
  /** Coverage, in (0, 1). Default 0.95. */
  readonly level?: number
}

/** A statistic of the means of some columns: a mean, a difference of two means, a harmonic mean of three. */
export interface ColumnStatistic {
  /** Indices of the columns it reads; its cases are those with a value in every one of them. */
  readonly columns: readonly number[]
  /** The statistic, of the means in the order of `columns`. */
  readonly of: (means: Float64Array) => number
}

/** First less second, on the cases that have a value in every column of both. */
export interface StatisticDifference {
  readonly first: ColumnStatistic
  readonly second: ColumnStatistic
}

export interface BootstrapEstimate {
  /** NaN when no case has all values. */
  readonly estimate: number
  readonly n: number
  readonly interval: BootstrapInterval
  /** Two-sided p-value against 0 (`twoSidedP`); of a difference at least `smallestPairedP`. */
  readonly p: number
}

/** Cases that share resamples, and what is averaged over them. */
interface CaseGroup {
  readonly cases: readonly number[]
  /** Place of each column among those of the group. */
  readonly columns: Map<number, number>
  readonly statistics: number[]
}

type Statistic = ColumnStatistic | StatisticDifference

const termsOf = (statistic: Statistic): readonly ColumnStatistic[] =>
  'first' in statistic ? [statistic.first, statistic.second] : [statistic]

/**
 * Bootstraps statistics of column means over cases.
 * Statistics with the same cases share the same resamples, so a difference is paired by construction; the resamples depend
 * only on the seed and on the number of cases, never on what else is in the table. A statistic that stands in several
 * differences is computed once for each set of cases.
 * @param columns one array per column, a value per case, NaN where it is missing
 * @throws BAD_ARGUMENT for columns of unequal length or options out of range
 */
export function bootstrapStatistics(
  columns: readonly Float64Array[],
  statistics: readonly Statistic[],
  options: BootstrapOptions,
): BootstrapEstimate[] {
  const { seed, resamples = 10_000, level = 0.95 } = options
  checkArguments(columns, resamples, level)
  const groups = groupByCases(columns, statistics)
  const values = groups.map((group) => gatherColumns(columns, group))
  const means = resampleMeans(
    groups.map(({ cases }, place) => ({ cases: cases.length, columns: values[place]! })),
    { seed, resamples },
  )
  const results = new Array<BootstrapEstimate>(statistics.length)
  groups.forEach((group, place) => {
    const terms = new Map<ColumnStatistic, Term>()
    const source = { group, values: values[place]!, means: means[place]!, resamples }
    for (const index of group.statistics) {
      const statistic = statistics[index]!
      const found = termsOf(statistic).map((term) => {
        const known = terms.get(term) ?? computeTerm(source, term)
        terms.set(term, known)
        return known
      })
      const { p, ...estimate } = estimateOf(found, group.cases.length, level)
      results[index] = { ...estimate, p: Math.max(p, smallestP(source, statistic)) }
    }
  })
  return results
}

function groupByCases(
  columns: readonly Float64Array[],
  statistics: readonly Statistic[],
): readonly CaseGroup[] {
  const patterns = findPatterns(columns)
  const byPatterns = new Map<string, CaseGroup>()
  const byCases = new Map<string, CaseGroup>()
  statistics.forEach((statistic, index) => {
    const own = [...new Set(termsOf(statistic).flatMap((term) => term.columns))]
    const key = [...new Set(own.map((column) => patterns[column]!))].sort((a, b) => a - b).join()
    let group = byPatterns.get(key)
    if (group === undefined) {
      const cases = sharedCases(columns, own)
      const list = cases.join()
      group = byCases.get(list) ?? { cases, columns: new Map(), statistics: [] }
      byCases.set(list, group)
      byPatterns.set(key, group)
    }
    group.statistics.push(index)
    for (const column of own) {
      if (!group.columns.has(column)) group.columns.set(column, group.columns.size)
    }
  })
  return [...byCases.values()]
}

/** A number for each column, equal where the same cases are missing. */
function findPatterns(columns: readonly Float64Array[]): readonly number[] {
  const numbers = new Map<string, number>()
  return columns.map((column) => {
    const missing: number[] = []
    for (let index = 0; index < column.length; index++) {
      if (Number.isNaN(column[index])) missing.push(index)
    }
    const key = missing.join()
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}

/** Indices of the cases that have a value in every one of the chosen columns, ascending. */
export function sharedCases(columns: readonly Float64Array[], chosen: readonly number[]): number[] {
  const cases: number[] = []
  const length = columns[0]?.length ?? 0
  for (let index = 0; index < length; index++) {
    if (chosen.every((column) => !Number.isNaN(columns[column]![index]!))) cases.push(index)
  }
  return cases
}

/** Values of the group's cases, for each of its columns. */
const gatherColumns = (
  columns: readonly Float64Array[],
  group: CaseGroup,
): readonly Float64Array[] =>
  [...group.columns.keys()].map((column) => {
    const values = new Float64Array(group.cases.length)
    group.cases.forEach((index, row) => (values[row] = columns[column]![index]!))
    return values
  })

interface GroupSource {
  readonly group: CaseGroup
  /** For each column of the group, [cases]. */
  readonly values: readonly Float64Array[]
  /** For each column of the group, [resamples]. */
  readonly means: readonly Float64Array[]
  readonly resamples: number
}

/** A statistic of one set of cases: of all of them, of every resample, and without each case. */
interface Term {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly leaveOneOut: Float64Array
}

function computeTerm(source: GroupSource, { columns, of }: ColumnStatistic): Term {
  const { group, resamples } = source
  const places = columns.map((column) => group.columns.get(column)!)
  const values = places.map((place) => source.values[place]!)
  const sampled = places.map((place) => source.means[place]!)
  const means = new Float64Array(places.length)
  const replicates = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    for (let at = 0; at < means.length; at++) means[at] = sampled[at]![resample]!
    replicates[resample] = of(means)
  }
  return { ...jackknife(values, group.cases.length, of), replicates }
}

/** The statistic of all cases and without each one. */
function jackknife(
  values: readonly Float64Array[],
  n: number,
  of: ColumnStatistic['of'],
): Pick<Term, 'estimate' | 'leaveOneOut'> {
  const totals = Float64Array.from(values, (column) => column.reduce((sum, one) => sum + one, 0))
  const means = totals.map((total) => total / n)
  const estimate = of(means)
  const leaveOneOut = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    for (let at = 0; at < means.length; at++) {
      means[at] = (totals[at]! - values[at]![row]!) / (n - 1)
    }
    leaveOneOut[row] = of(means)
  }
  return { estimate, leaveOneOut }
}

function estimateOf(terms: readonly Term[], n: number, level: number): BootstrapEstimate {
  if (n === 0) {
    return { estimate: NaN, n, interval: { low: NaN, high: NaN, method: 'none' }, p: NaN }
  }
  const [first, second] = terms as [Term, Term?]
  const { estimate, replicates, leaveOneOut } =
    second === undefined ? first : subtract(first, second)
  const ordered = new OrderedSample(replicates)
  const interval = bcaInterval({ estimate, replicates: ordered, leaveOneOut }, level)
  return { estimate, n, interval, p: twoSidedP({ estimate, replicates, ordered, n }) }
}

const subtract = (first: Term, second: Term): Term => ({
  estimate: first.estimate - second.estimate,
  replicates: differences(first.replicates, second.replicates),
  leaveOneOut: differences(first.leaveOneOut, second.leaveOneOut),
})

function differences(first: Float64Array, second: Float64Array): Float64Array {
  const less = new Float64Array(first.length)
  for (let index = 0; index < less.length; index++) less[index] = first[index]! - second[index]!
  return less
}

/** What the cases of a difference allow; 0 for what is no difference. */
function smallestP({ group, values }: GroupSource, statistic: Statistic): number {
  if (!('first' in statistic) || group.cases.length === 0) return 0
  const [own, others] = termsOf(statistic).map(({ columns }) =>
    columns.map((column) => values[group.columns.get(column)!]!),
  ) as [Float64Array[], Float64Array[]]
  return smallestPairedP(own, others)
}

function checkArguments(columns: readonly Float64Array[], resamples: number, level: number): void {
  const length = columns[0]?.length ?? 0
  const uneven = columns.find((column) => column.length !== length)
  if (uneven !== undefined) {
    throw new LensEngineError('BAD_ARGUMENT', `columns have ${length} and ${uneven.length} cases`, {
      details: { length, other: uneven.length },
      cure: 'Give every column one value per case, NaN where it is missing.',
    })
  }
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > 1_000_000) {
    throw new LensEngineError('BAD_ARGUMENT', `resamples is ${resamples}`, {
      details: { resamples },
      cure: 'Use a whole number from 100 to 1,000,000.',
    })
  }
  if (!(level > 0 && level < 1)) {
    throw new LensEngineError('BAD_ARGUMENT', `level is ${level}`, {
      details: { level },
      cure: 'Use a coverage between 0 and 1, such as 0.95.',
    })
  }
}
