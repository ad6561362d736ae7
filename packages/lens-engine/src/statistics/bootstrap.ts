// A table of per-case values -> statistics of column means with bootstrap intervals over cases, one set of resamples for all.
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'
import { bcaInterval, type BootstrapInterval } from './interval.js'

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

export interface BootstrapEstimate {
  /** NaN when no case has all values. */
  readonly estimate: number
  readonly n: number
  readonly interval: BootstrapInterval
  /** Two-sided bootstrap p-value against 0: twice the smaller share of replicates on one side, (count + 1) / (B + 1). */
  readonly p: number
}

/** Cases that share resamples, and the columns read from them. */
interface CaseGroup {
  readonly cases: readonly number[]
  readonly columns: number[]
  readonly statistics: number[]
}

/**
 * Bootstraps statistics of column means over cases.
 * Statistics with the same cases share the same resamples, so a difference is paired by construction; the resamples depend
 * only on the seed and on the number of cases, never on what else is in the table.
 * @param columns one array per column, a value per case, NaN where it is missing
 * @throws BAD_ARGUMENT for columns of unequal length or options out of range
 */
export function bootstrapStatistics(
  columns: readonly Float64Array[],
  statistics: readonly ColumnStatistic[],
  options: BootstrapOptions,
): BootstrapEstimate[] {
  const { resamples = 10_000, level = 0.95 } = options
  checkArguments(columns, resamples, level)
  const results = new Array<BootstrapEstimate>(statistics.length)
  for (const group of groupByCases(columns, statistics)) {
    const values = gatherRows(columns, group)
    const draws = { seed: options.seed, resamples }
    const replicates = resampleMeans(values, group.cases.length, group.columns.length, draws)
    for (const index of group.statistics) {
      const statistic = statistics[index]!
      const places = statistic.columns.map((column) => group.columns.indexOf(column))
      results[index] = estimateOf(
        { values, replicates, group, places, resamples, level },
        statistic,
      )
    }
  }
  return results
}

/**
 * Case indices of every resample, row by row: `resamples` rows of `cases` draws. Exposed so that a reference
 * implementation can be fed the same draws.
 */
export function* drawResamples(
  cases: number,
  { seed, resamples }: { readonly seed: number | string; readonly resamples: number },
): Generator<Uint32Array> {
  const random = createRandom(`${seed}`).split(`bootstrap/${cases}`)
  const drawn = new Uint32Array(cases)
  for (let resample = 0; resample < resamples; resample++) {
    for (let index = 0; index < cases; index++) drawn[index] = random.nextInteger(cases)
    yield drawn
  }
}

function groupByCases(
  columns: readonly Float64Array[],
  statistics: readonly ColumnStatistic[],
): Iterable<CaseGroup> {
  const groups = new Map<string, CaseGroup>()
  statistics.forEach((statistic, index) => {
    const cases = sharedCases(columns, statistic.columns)
    const key = cases.join()
    const group = groups.get(key) ?? { cases, columns: [], statistics: [] }
    groups.set(key, group)
    group.statistics.push(index)
    for (const column of statistic.columns) {
      if (!group.columns.includes(column)) group.columns.push(column)
    }
  })
  return groups.values()
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

/** Values [cases x columns], row-major, so that adding a drawn case reads neighbouring memory. */
function gatherRows(columns: readonly Float64Array[], group: CaseGroup): Float64Array {
  const width = group.columns.length
  const values = new Float64Array(group.cases.length * width)
  group.cases.forEach((index, row) => {
    group.columns.forEach(
      (column, place) => (values[row * width + place] = columns[column]![index]!),
    )
  })
  return values
}

/** Means of every column in every resample, [columns x resamples]. */
function resampleMeans(
  values: Float64Array,
  cases: number,
  width: number,
  draws: { readonly seed: number | string; readonly resamples: number },
): Float64Array {
  const { resamples } = draws
  const means = new Float64Array(width * resamples)
  if (cases === 0) return means.fill(NaN)
  const counts = new Uint32Array(cases)
  const sums = new Float64Array(width)
  let resample = 0
  for (const drawn of drawResamples(cases, draws)) {
    counts.fill(0)
    for (let index = 0; index < cases; index++) counts[drawn[index]!]!++
    addWeightedRows(values, counts, sums.fill(0))
    for (let place = 0; place < width; place++) {
      means[place * resamples + resample] = sums[place]! / cases
    }
    resample++
  }
  return means
}

function addWeightedRows(values: Float64Array, counts: Uint32Array, sums: Float64Array): void {
  const width = sums.length
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row]!
    if (count === 0) continue
    const start = row * width
    for (let place = 0; place < width; place++) sums[place]! += count * values[start + place]!
  }
}

interface GroupReplicates {
  readonly values: Float64Array
  readonly replicates: Float64Array
  readonly group: CaseGroup
  readonly places: readonly number[]
  readonly resamples: number
  readonly level: number
}

function estimateOf(source: GroupReplicates, statistic: ColumnStatistic): BootstrapEstimate {
  const { replicates, group, places, resamples, level } = source
  const n = group.cases.length
  if (n === 0) {
    return { estimate: NaN, n, interval: { low: NaN, high: NaN, method: 'none' }, p: NaN }
  }
  const means = new Float64Array(places.length)
  const { estimate, leaveOneOut } = jackknife(source, statistic)
  const sample = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    for (let at = 0; at < places.length; at++) {
      means[at] = replicates[places[at]! * resamples + resample]!
    }
    sample[resample] = statistic.of(means)
  }
  const interval = bcaInterval({ estimate, replicates: sample, leaveOneOut }, level)
  return { estimate, n, interval, p: twoSidedP(sample) }
}

/** The statistic of all cases and without each one. */
function jackknife(
  { values, group, places }: GroupReplicates,
  statistic: ColumnStatistic,
): { estimate: number; leaveOneOut: Float64Array } {
  const n = group.cases.length
  const width = group.columns.length
  const totals = new Float64Array(places.length)
  for (let row = 0; row < n; row++) {
    places.forEach((place, at) => (totals[at]! += values[row * width + place]!))
  }
  const means = totals.map((total) => total / n)
  const estimate = statistic.of(means)
  const leaveOneOut = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    places.forEach((place, at) => {
      means[at] = (totals[at]! - values[row * width + place]!) / (n - 1)
    })
    leaveOneOut[row] = statistic.of(means)
  }
  return { estimate, leaveOneOut }
}

function twoSidedP(replicates: Float64Array): number {
  let [atMost, atLeast] = [0, 0]
  for (const value of replicates) {
    if (value <= 0) atMost++
    if (value >= 0) atLeast++
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (replicates.length + 1))
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
