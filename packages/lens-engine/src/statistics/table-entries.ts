// Columns of per-case values -> the statistics they stand for: every metric of every method, and what combines several of them.
import { LensEngineError } from '../errors.js'
import type { ColumnStatistic } from './bootstrap.js'

/** Values of one metric of one method, in the order of the table's cases; NaN is missing. */
export interface MetricColumn {
  readonly method: string
  readonly metric: string
  readonly values: Float64Array
  /** The value a success has (1, or 100 in a table of percentages) when each case is a success or 0; else null. */
  readonly success: number | null
}

/** A metric of a method that is a function of the means of others, such as the score S. */
export interface CombinedMetric {
  readonly metric: string
  readonly of: readonly string[]
  readonly combine: (means: Float64Array) => number
}

export interface MethodTable {
  /** Number of cases that were asked for; missing ones count against it. */
  readonly cases: number
  /** Relation of each case. */
  readonly relations: readonly string[]
  readonly columns: readonly MetricColumn[]
  readonly combined?: readonly CombinedMetric[]
  /** Methods that are estimated from the same resamples and stand in no pair. */
  readonly unpaired?: ReadonlySet<string>
}

/** A statistic of the table and what it stands for. */
export interface TableEntry extends ColumnStatistic {
  readonly method: string
  readonly metric: string
  readonly column: MetricColumn | null
}

/** Every metric of every method, then the combined ones. @throws BAD_ARGUMENT for a column that stands twice or is too long */
export function tableEntries(table: MethodTable): TableEntry[] {
  const places = new Map<string, number>()
  table.columns.forEach(({ method, metric, values }, index) => {
    const key = JSON.stringify([method, metric])
    if (places.has(key)) throw repeated(method, metric)
    if (values.length !== table.relations.length || values.length > table.cases) {
      throw uneven(table, method, metric, values.length)
    }
    places.set(key, index)
  })
  const plain = table.columns.map((column, index): TableEntry => {
    const { method, metric } = column
    return { method, metric, column, columns: [index], of: (means) => means[0]! }
  })
  const methods = [...new Set(table.columns.map(({ method }) => method))]
  const combined = (table.combined ?? []).flatMap(({ metric, of, combine }) =>
    methods.flatMap((method): TableEntry[] => {
      const columns = of.map((part) => places.get(JSON.stringify([method, part])) ?? -1)
      return columns.includes(-1) ? [] : [{ method, metric, column: null, columns, of: combine }]
    }),
  )
  return [...plain, ...combined]
}

function repeated(method: string, metric: string): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', `${metric} of ${method} stands twice in the table`, {
    details: { method, metric },
    cure: 'Give one column per method and metric.',
  })
}

function uneven(
  table: MethodTable,
  method: string,
  metric: string,
  found: number,
): LensEngineError {
  const message = `${metric} of ${method} has ${found} values for ${table.relations.length} cases with a relation, ${table.cases} asked for`
  return new LensEngineError('BAD_ARGUMENT', message, {
    details: { method, metric, found, relations: table.relations.length, cases: table.cases },
    cure: 'Give each case one relation and one value per column, NaN where it is missing.',
  })
}
