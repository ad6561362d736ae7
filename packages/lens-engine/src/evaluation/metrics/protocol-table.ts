// Raw rows of several methods -> the table of one protocol, with the statistics of `statistics/method-table.ts`.
import { LensEngineError } from '../../errors.js'
import type { BootstrapOptions } from '../../statistics/bootstrap.js'
import {
  estimateByRelation,
  harmonicMean,
  summarizeMethods,
  type MethodEstimate,
  type PairedComparison,
  type RelationEstimates,
} from '../../statistics/method-table.js'
import type { MethodTable, MetricColumn } from '../../statistics/table-entries.js'
import type { CaseRow, Side } from './case-row.js'
import { cellOf, scaled } from './measured.js'
import { noTextResources, requireSame } from './metric-value.js'
import { protocols, type MetricDefinition, type ProtocolDefinition } from './protocols.js'
import type { ProtocolName, TextResources } from './protocols.js'

/** Cases of a table in their order, with their relations; a method that lacks a row misses the case. */
export interface TableCase {
  readonly id: string
  readonly relation: string
}

export interface ProtocolTableOptions {
  readonly cases: readonly TableCase[]
  readonly side?: Side
  readonly resources?: TextResources
}

/** The per-case values of every method and metric under one protocol. */
export interface ProtocolTable<P extends ProtocolName> {
  readonly protocol: P
  readonly table: MethodTable
}

export interface ProtocolSummary<P extends ProtocolName> {
  readonly protocol: P
  readonly estimates: readonly MethodEstimate[]
  readonly comparisons: readonly PairedComparison[]
}

/**
 * Per-case values from raw rows.
 * @throws BAD_ARGUMENT for two rows of one case and method, or a row of a case not listed
 */
export function buildProtocolTable<P extends ProtocolName>(
  protocol: P,
  rows: readonly CaseRow[],
  { cases, side = 'after', resources = noTextResources }: ProtocolTableOptions,
): ProtocolTable<P> {
  const definition: ProtocolDefinition = protocols[protocol]
  const places = new Map(cases.map(({ id }, place) => [id, place]))
  const byMethod = new Map<string, (CaseRow | undefined)[]>()
  for (const row of rows) {
    const slots = byMethod.get(row.method) ?? new Array<CaseRow | undefined>(cases.length)
    byMethod.set(row.method, slots)
    const place = places.get(row.caseId)
    if (place === undefined) throw badRow(row, 'is of a case that the table does not list')
    if (slots[place] !== undefined) throw badRow(row, 'stands twice')
    slots[place] = row
  }
  const columns = [...byMethod].flatMap(([method, slots]) =>
    Object.entries(definition.metrics).map(([metric, one]): MetricColumn => {
      const cell = (row: CaseRow | undefined): number =>
        row === undefined ? NaN : cellOf(scaled(one.of(row, side, resources), one.scale))
      return columnOf(method, metric, one, Float64Array.from(slots, cell))
    }),
  )
  return tableOf(protocol, cases, columns)
}

/** Values of one method, case by case in each the metrics in the protocol's order: [cases x metrics], NaN is missing. */
export interface MetricVectors {
  readonly method: string
  readonly values: Float64Array
}

/**
 * The table that `buildProtocolTable` makes of the rows that the vectors are from (`rowMetrics`).
 * @throws BAD_ARGUMENT for vectors of another length, or a method that stands twice
 */
export function metricTable<P extends ProtocolName>(
  protocol: P,
  cases: readonly TableCase[],
  vectors: readonly MetricVectors[],
): ProtocolTable<P> {
  const { metrics }: ProtocolDefinition = protocols[protocol]
  const definitions = Object.entries(metrics)
  const width = definitions.length
  const columns = vectors.flatMap(({ method, values }, index) => {
    if (values.length !== cases.length * width) {
      throw badVectors(method, `are ${values.length} numbers instead of ${cases.length} x ${width}`)
    }
    if (vectors.findIndex((one) => one.method === method) !== index) {
      throw badVectors(method, 'stand twice')
    }
    return definitions.map(([metric, one], place): MetricColumn => {
      const own = new Float64Array(cases.length)
      for (let row = 0; row < own.length; row++) own[row] = values[row * width + place]!
      return columnOf(method, metric, one, own)
    })
  })
  return tableOf(protocol, cases, columns)
}

function columnOf(
  method: string,
  metric: string,
  definition: MetricDefinition,
  values: Float64Array,
): MetricColumn {
  return { method, metric, values, success: successValue(definition, values) }
}

function tableOf<P extends ProtocolName>(
  protocol: P,
  cases: readonly TableCase[],
  columns: readonly MetricColumn[],
): ProtocolTable<P> {
  const { score }: ProtocolDefinition = protocols[protocol]
  const combined = score === null ? [] : [{ ...score, combine: harmonicMean }]
  const relations = cases.map(({ relation }) => relation)
  return { protocol, table: { cases: cases.length, relations, columns, combined } }
}

/** Means with intervals of every method and metric, and every pair of methods compared. */
export function summarizeProtocol<P extends ProtocolName>(
  { protocol, table }: ProtocolTable<P>,
  options: BootstrapOptions,
): ProtocolSummary<P> {
  return { protocol, ...summarizeMethods(table, options) }
}

/** The means of each relation by itself. */
export function summarizeRelations<P extends ProtocolName>(
  { protocol, table }: ProtocolTable<P>,
  options: BootstrapOptions,
): { readonly protocol: P; readonly relations: readonly RelationEstimates[] } {
  return { protocol, relations: estimateByRelation(table, options) }
}

/**
 * Tables of one protocol on the same cases side by side, such as the base row and the edited rows.
 * @throws PROTOCOL_MISMATCH for different protocols, BAD_ARGUMENT for different cases
 */
export function joinTables<P extends ProtocolName>(
  first: ProtocolTable<P>,
  second: ProtocolTable<NoInfer<P>>,
): ProtocolTable<P> {
  const every = { metric: 'the table' }
  requireSame({ ...every, protocol: first.protocol }, { ...every, protocol: second.protocol })
  if (first.table.relations.join('\0') !== second.table.relations.join('\0')) {
    throw new LensEngineError('BAD_ARGUMENT', 'the two tables are of different cases', {
      details: { first: first.table.cases, second: second.table.cases },
      cure: 'Build both tables from the same list of cases.',
    })
  }
  const columns = [...first.table.columns, ...second.table.columns]
  return { protocol: first.protocol, table: { ...first.table, columns } }
}

/** The value of a success where the metric is binary and these values are; else null. */
function successValue({ binary, scale }: MetricDefinition, values: Float64Array): number | null {
  const isBinary = values.every((value) => Number.isNaN(value) || value === 0 || value === scale)
  return binary && isBinary ? scale : null
}

function badRow({ caseId, method }: CaseRow, what: string): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', `the row of case ${caseId}, ${method}, ${what}`, {
    details: { caseId, method },
    cure: 'Give one row per case and method, of listed cases only.',
  })
}

function badVectors(method: string, what: string): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', `the values of ${method} ${what}`, {
    details: { method },
    cure: 'Give one list for each method: case by case, in each the metrics in the order of the protocol.',
  })
}
