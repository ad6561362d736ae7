// Protocols as the API speaks of them: metrics in the order of the stored values, the score, published tables.
import {
  engineVersion,
  protocolMetrics,
  protocolNames,
  protocols,
  publishedTables,
} from '@imprint/lens-engine'
import type {
  EvaluationCase,
  ProtocolMetric,
  ProtocolName,
  PublishedTable,
} from '@imprint/lens-engine'

export { engineVersion, protocolNames }
export type { EvaluationCase, ProtocolName }

export interface ProtocolDescription {
  readonly name: ProtocolName
  readonly title: string
  readonly description: string
  /** In the order of the metric vectors of `case_result`. */
  readonly metrics: readonly ProtocolMetric[]
  readonly score: { readonly name: string; readonly of: readonly string[] } | null
}

/** A published table with a name that stays. */
export interface NamedTable extends PublishedTable {
  readonly id: string
}

export const isProtocolName = (name: string): name is ProtocolName =>
  (protocolNames as readonly string[]).includes(name)

/** @throws an Error for a name that was not checked before */
export function describeProtocol(name: string): ProtocolDescription {
  if (!isProtocolName(name)) throw new Error(`There is no protocol ${name}`)
  const { title, description, score } = protocols[name]
  return {
    ...{ name, title, description, metrics: protocolMetrics(name) },
    score: score === null ? null : { name: score.metric, of: score.of },
  }
}

/** Published tables of a protocol, or all. */
export function namedTables(protocol?: string | null): readonly NamedTable[] {
  return publishedTables
    .filter((table) => !protocol || table.protocol === protocol)
    .map((table) => ({ ...table, id: idOf(table.source) }) as NamedTable)
}

const idOf = (source: string): string =>
  source
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
