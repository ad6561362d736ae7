// Vectors of metrics -> the engine's table of a protocol, and its statistics.
import { metricTable, summarizeProtocol } from '@imprint/lens-engine'
import type { MethodEstimate, PairedComparison, ProtocolTable } from '@imprint/lens-engine'
import { describeProtocol } from './protocol-library.js'
import type { ProtocolName } from './protocol-library.js'

export type { MethodEstimate, PairedComparison }
export type Table = ProtocolTable<ProtocolName>

export interface TableColumns {
  readonly method: string
  /** [cases x metrics of the protocol], row by row; NaN is not available. */
  readonly values: Float64Array
}

/** A table of stored vectors instead of raw rows. */
export function tableOf(
  name: string,
  relations: readonly string[],
  columns: readonly TableColumns[],
): Table {
  const cases = relations.map((relation, index) => ({ id: `${index}`, relation }))
  return metricTable(describeProtocol(name).name, cases, columns)
}

/** Means with intervals, and every pair of methods compared. */
export function statisticsOf(
  table: Table,
  options: { readonly seed: number; readonly resamples: number },
): { readonly estimates: readonly MethodEstimate[]; readonly pairs: readonly PairedComparison[] } {
  const { estimates, comparisons } = summarizeProtocol(table, options)
  return { estimates, pairs: comparisons }
}
