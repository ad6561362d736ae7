// Vectors of several arms -> means with intervals, paired differences and means by relation, by the engine's own statistics.
import { statisticsOf, tableOf } from '../engine/comparison-tables.js'
import type { MethodEstimate, PairedComparison, Table } from '../engine/comparison-tables.js'
import { significanceLevel } from './comparison-statistics.js'
import type {
  ArmColumns,
  ComparisonStatistics,
  Difference,
  Estimate,
  RelationMeans,
  StatisticsQuestion,
} from './comparison-statistics.js'

/** Before the id of an unedited model’s first arm, whose own columns stand in the same table. */
const besideMark = 'before '

/** The statistics of a question; the same question gives the same numbers. */
export function summarizeCases(question: StatisticsQuestion): ComparisonStatistics {
  const { arms, before, resamples, seed } = question
  const table = chosenTable(question, arms)
  const beside = before.map((one) => ({ ...one, id: `${besideMark}${one.id}` }))
  // In one table, as resamples are drawn once for all columns of the same cases.
  const unpaired = new Set(beside.map(({ id }) => id))
  const all = chosenTable(question, [...arms, ...beside])
  const whole = { ...all, table: { ...all.table, unpaired } }
  const { estimates, pairs } = statisticsOf(whole, { seed, resamples })
  const wanted = new Set(question.metrics)
  const asked = ({ metric }: { readonly metric: string }): boolean =>
    wanted.size === 0 || wanted.has(metric)
  const found = (of: readonly ArmColumns[], isBefore: boolean): Estimate[] =>
    estimates
      .filter((one) => asked(one) && unpaired.has(one.method) === isBefore)
      .map((one) => toEstimate(one, of))
  return {
    ...{ cases: question.relationOf.length, resamples },
    estimates: found(arms, false),
    before: found(beside, true).map((one) => ({
      ...one,
      armId: one.armId.slice(besideMark.length),
    })),
    differences: pairs.filter(asked).map(toDifference),
    relations: relationMeans(question, table).map(({ cells, ...one }) => ({
      ...{ ...one, cells: cells.filter(asked) },
    })),
  }
}

function chosenTable(question: StatisticsQuestion, arms: readonly ArmColumns[]): Table {
  const { protocol, relations, relationOf, metrics } = question
  const named = Array.from(relationOf, (index) => relations[index] as string)
  const columns = arms.map(({ id, values }) => ({ method: id, values }))
  const whole = tableOf(protocol, named, columns)
  if (metrics.length === 0) return whole
  const combined = (whole.table.combined ?? []).filter(({ metric }) => metrics.includes(metric))
  const needed = new Set([...metrics, ...combined.flatMap(({ of }) => of)])
  const kept = whole.table.columns.filter(({ metric }) => needed.has(metric))
  return { ...whole, table: { ...whole.table, columns: kept, combined } }
}

function toEstimate(found: MethodEstimate, arms: readonly ArmColumns[]): Estimate {
  const { method, metric, mean, interval, wilson, published, n } = found
  const asked = arms.find(({ id }) => id === method)?.asked ?? n
  return {
    ...{ armId: method, metric, mean, n },
    ...{ low: finite(interval?.low), high: finite(interval?.high) },
    missing: asked - n,
    sd: published?.sd ?? null,
    ...{ wilsonLow: wilson?.low ?? null, wilsonHigh: wilson?.high ?? null },
    note: noteOf(found),
  }
}

function noteOf({ n, interval, wilson }: MethodEstimate): string | null {
  if (n === 0) return 'No case has this value.'
  if (interval?.method !== 'constant') return null
  return wilson === null
    ? 'Every case has the same value, so resampling shows no spread.'
    : 'Every case has the same value; Wilson’s interval has a width all the same.'
}

function toDifference(pair: PairedComparison): Difference {
  const { metric, first, second, difference, interval, n, p, adjustedP, test, mcNemar } = pair
  return {
    ...{ metric, firstArmId: first, secondArmId: second, difference, n, p, adjustedP, test },
    ...{ low: finite(interval?.low), high: finite(interval?.high) },
    significant: adjustedP !== null && adjustedP < significanceLevel,
    onlyFirst: mcNemar?.firstOnly ?? null,
    onlySecond: mcNemar?.secondOnly ?? null,
  }
}

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value

/** Plain means by relation, the largest relation first; a score of the means of the cases that have all its parts. */
function relationMeans(
  { relations, relationOf }: StatisticsQuestion,
  { table }: Table,
): RelationMeans[] {
  const members = relations.map((): number[] => [])
  relationOf.forEach((relation, index) => members[relation]?.push(index))
  const columnsOf = columnLists(table)
  return members
    .flatMap((indices, relation): RelationMeans[] => {
      if (indices.length === 0) return []
      const cells = columnsOf.map(({ method, metric, columns, combine }) => ({
        ...{ armId: method, metric },
        ...meansOf(columns, indices, combine),
      }))
      return [{ relation: relations[relation] as string, cases: indices.length, cells }]
    })
    .sort((a, b) => b.cases - a.cases || (a.relation < b.relation ? -1 : 1))
}

interface ColumnList {
  readonly method: string
  readonly metric: string
  readonly columns: readonly Float64Array[]
  readonly combine: (means: Float64Array) => number
}

function columnLists({ columns, combined = [] }: Table['table']): readonly ColumnList[] {
  const first = (means: Float64Array): number => means[0] as number
  const plain = columns.map(({ method, metric, values }): ColumnList => {
    return { method, metric, columns: [values], combine: first }
  })
  const methods = [...new Set(columns.map(({ method }) => method))]
  const scores = combined.flatMap(({ metric, of, combine }) =>
    methods.map((method): ColumnList => {
      const parts = of.map((part) => plain.find((p) => p.method === method && p.metric === part))
      return { method, metric, columns: parts.flatMap((part) => part?.columns ?? []), combine }
    }),
  )
  return [...plain, ...scores]
}

function meansOf(
  columns: readonly Float64Array[],
  indices: readonly number[],
  combine: (means: Float64Array) => number,
): { mean: number | null; n: number } {
  const sums = new Float64Array(columns.length)
  let n = 0
  for (const index of indices) {
    if (columns.some((column) => Number.isNaN(column[index]))) continue
    n++
    columns.forEach((column, place) => (sums[place]! += column[index] as number))
  }
  return n === 0 ? { mean: null, n } : { mean: combine(sums.map((sum) => sum / n)), n }
}
