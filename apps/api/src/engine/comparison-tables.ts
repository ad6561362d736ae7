// Vectors of metrics -> the engine's table of a protocol, and its statistics.
import { protocols, summarizeProtocol } from '@imprint/lens-engine'
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

/** The harmonic mean of means, as the engine's own tables combine them. */
const harmonicMean = (means: Float64Array): number =>
  means.length / means.reduce((sum, mean) => sum + 1 / mean, 0)

/** A table of stored vectors instead of raw rows. */
export function tableOf(
  name: string,
  relations: readonly string[],
  columns: readonly TableColumns[],
): Table {
  const { name: protocol, metrics, score } = describeProtocol(name)
  return {
    protocol,
    table: {
      cases: relations.length,
      relations,
      columns: columns.flatMap(({ method, values }) =>
        metrics.map(({ name: metric, binary, scale }, place) => {
          const own = new Float64Array(relations.length)
          for (let row = 0; row < own.length; row++)
            own[row] = values[row * metrics.length + place] as number
          const isBinary = own.every((v) => Number.isNaN(v) || v === 0 || v === scale)
          return { method, metric, values: own, success: binary && isBinary ? scale : null }
        }),
      ),
      combined: score === null ? [] : [{ metric: score.name, of: score.of, combine: harmonicMean }],
    },
  }
}

/** Means with intervals, and every pair of methods compared. */
export function statisticsOf(
  table: Table,
  options: { readonly seed: number; readonly resamples: number },
): { readonly estimates: readonly MethodEstimate[]; readonly pairs: readonly PairedComparison[] } {
  const { estimates, comparisons } = summarizeProtocol(table, options)
  return { estimates, pairs: comparisons }
}

export const metricCount = (name: string): number =>
  Object.keys(protocols[describeProtocol(name).name].metrics).length
