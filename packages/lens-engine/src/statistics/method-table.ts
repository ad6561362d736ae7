// Per-case values of several methods and metrics -> the statistics of a table: means, paired differences, relations.
import { bootstrapStatistics, type BootstrapOptions } from './bootstrap.js'
import type { BootstrapEstimate } from './bootstrap.js'
import { exactMcNemar, holmAdjust, wilsonInterval, type McNemarResult } from './exact-tests.js'
import {
  publishedForms,
  type BootstrapInterval,
  type Interval,
  type PublishedForms,
} from './interval.js'
import {
  tableEntries,
  type MethodTable,
  type MetricColumn,
  type TableEntry,
} from './table-entries.js'

export interface MethodEstimate {
  readonly method: string
  readonly metric: string
  /** null when no case has a value: not available, never 0. */
  readonly mean: number | null
  readonly interval: BootstrapInterval | null
  /** Wilson's interval of a per-case binary metric, in the metric's own scale. */
  readonly wilson: Interval | null
  /** Mean, SD and 1.96 SE as published tables print them; null for a combined metric. */
  readonly published: PublishedForms | null
  readonly n: number
  readonly missing: number
}

export interface PairedComparison {
  readonly metric: string
  readonly first: string
  readonly second: string
  /** Mean of first less mean of second on the cases both have. */
  readonly difference: number | null
  readonly interval: BootstrapInterval | null
  readonly n: number
  readonly missing: number
  /** Exact McNemar for per-case binary metrics, else null. */
  readonly mcNemar: McNemarResult | null
  readonly test: 'mcnemar' | 'bootstrap' | null
  readonly p: number | null
  /** Holm over all pairs of methods of this metric. */
  readonly adjustedP: number | null
}

export interface RelationEstimates {
  readonly relation: string
  readonly cases: number
  readonly estimates: readonly MethodEstimate[]
}

/** Means with intervals of every method and metric, combined metrics included. */
export function estimateMethods(table: MethodTable, options: BootstrapOptions): MethodEstimate[] {
  const entries = tableEntries(table)
  const estimates = bootstrapStatistics(valuesOf(table), entries, options)
  return entries.map((entry, index) => methodEstimate(table, entry, estimates[index]!, options))
}

/**
 * Every pair of methods on every metric: the difference on shared cases with its bootstrap interval, exact McNemar where
 * each case is a success or not (the bootstrap's two-sided p-value elsewhere), Holm over all pairs of the metric.
 */
export function compareMethods(table: MethodTable, options: BootstrapOptions): PairedComparison[] {
  const pairs = pairsOf(table, tableEntries(table))
  return compared(table, pairs, bootstrapStatistics(valuesOf(table), pairs, options))
}

/** `estimateMethods` and `compareMethods` from the same resamples, drawn once. */
export function summarizeMethods(
  table: MethodTable,
  options: BootstrapOptions,
): { readonly estimates: MethodEstimate[]; readonly comparisons: PairedComparison[] } {
  const entries = tableEntries(table)
  const pairs = pairsOf(table, entries)
  const found = bootstrapStatistics(valuesOf(table), [...entries, ...pairs], options)
  return {
    estimates: entries.map((entry, index) => methodEstimate(table, entry, found[index]!, options)),
    comparisons: compared(table, pairs, found.slice(entries.length)),
  }
}

const valuesOf = ({ columns }: MethodTable): readonly Float64Array[] =>
  columns.map(({ values }) => values)

interface EntryPair {
  readonly first: TableEntry
  readonly second: TableEntry
}

function pairsOf({ unpaired }: MethodTable, entries: readonly TableEntry[]): readonly EntryPair[] {
  const paired = entries.filter(({ method }) => !unpaired?.has(method))
  const byMetric = new Map<string, TableEntry[]>()
  for (const entry of paired) {
    byMetric.set(entry.metric, [...(byMetric.get(entry.metric) ?? []), entry])
  }
  return paired.flatMap((first) => {
    const same = byMetric.get(first.metric) ?? []
    return same.slice(same.indexOf(first) + 1).map((second) => ({ first, second }))
  })
}

function compared(
  table: MethodTable,
  pairs: readonly EntryPair[],
  differences: readonly BootstrapEstimate[],
): PairedComparison[] {
  return correctByMetric(
    pairs.map(({ first, second }, index) => comparison(table, first, second, differences[index]!)),
  )
}

/** The same means for each relation by itself, relations in the order of first appearance. */
export function estimateByRelation(
  table: MethodTable,
  options: BootstrapOptions,
): RelationEstimates[] {
  const rows = new Map<string, number[]>()
  table.relations.forEach((relation, index) => {
    const found = rows.get(relation)
    if (found === undefined) rows.set(relation, [index])
    else found.push(index)
  })
  return [...rows].map(([relation, indices]) => {
    const columns = table.columns.map((column) => ({
      ...column,
      values: Float64Array.from(indices, (index) => column.values[index]!),
    }))
    const part = {
      ...table,
      cases: indices.length,
      relations: indices.map(() => relation),
      columns,
    }
    return { relation, cases: indices.length, estimates: estimateMethods(part, options) }
  })
}

/** Harmonic mean of non-negative means; 0 when one of them is 0. The score S of ROME (the means' mean, not per case). */
export function harmonicMean(means: ArrayLike<number>): number {
  let reciprocals = 0
  for (let index = 0; index < means.length; index++) reciprocals += 1 / means[index]!
  return means.length / reciprocals
}

function methodEstimate(
  table: MethodTable,
  { method, metric, column }: TableEntry,
  { estimate, n, interval }: BootstrapEstimate,
  { level = 0.95 }: BootstrapOptions,
): MethodEstimate {
  const missing = table.cases - n
  if (n === 0) {
    return { method, metric, mean: null, interval: null, wilson: null, published: null, n, missing }
  }
  const published = column === null ? null : publishedForms(column.values)
  return {
    method,
    metric,
    mean: estimate,
    interval,
    wilson: column === null ? null : wilsonOf(column, n, level),
    published,
    n,
    missing,
  }
}

function wilsonOf({ values, success }: MetricColumn, n: number, level: number): Interval | null {
  if (success === null) return null
  const successes = values.reduce((count, value) => count + (value === success ? 1 : 0), 0)
  const { low, high } = wilsonInterval(successes, n, level)
  return { low: low * success, high: high * success }
}

function comparison(
  table: MethodTable,
  first: TableEntry,
  second: TableEntry,
  { estimate, n, interval, p }: BootstrapEstimate,
): PairedComparison {
  const mcNemar = n === 0 ? null : mcNemarOf(first, second)
  const names = { metric: first.metric, first: first.method, second: second.method }
  const counts = { n, missing: table.cases - n }
  if (n === 0) {
    const nothing = {
      difference: null,
      interval: null,
      mcNemar,
      test: null,
      p: null,
      adjustedP: null,
    }
    return { ...names, ...counts, ...nothing }
  }
  const test = mcNemar === null ? 'bootstrap' : 'mcnemar'
  const tested = { test, p: mcNemar?.p ?? p, adjustedP: null } as const
  return { ...names, ...counts, difference: estimate, interval, mcNemar, ...tested }
}

function mcNemarOf(first: TableEntry, second: TableEntry): McNemarResult | null {
  const [a, b] = [first.column, second.column]
  if (a === null || b === null || a.success === null || b.success === null) return null
  let [firstOnly, secondOnly] = [0, 0]
  for (let index = 0; index < a.values.length; index++) {
    if (Number.isNaN(a.values[index]) || Number.isNaN(b.values[index])) continue
    const [x, y] = [a.values[index] === a.success, b.values[index] === b.success]
    if (x && !y) firstOnly++
    if (y && !x) secondOnly++
  }
  return exactMcNemar(firstOnly, secondOnly)
}

function correctByMetric(comparisons: readonly PairedComparison[]): PairedComparison[] {
  const adjusted = new Map<PairedComparison, number>()
  const families = new Map<string, PairedComparison[]>()
  for (const one of comparisons) {
    if (one.p === null) continue
    const family = families.get(one.metric) ?? []
    families.set(one.metric, family)
    family.push(one)
  }
  for (const family of families.values()) {
    holmAdjust(family.map((one) => one.p!)).forEach((p, place) => adjusted.set(family[place]!, p))
  }
  return comparisons.map((one) => ({ ...one, adjustedP: adjusted.get(one) ?? null }))
}
