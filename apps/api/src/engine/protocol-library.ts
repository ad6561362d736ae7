// Protocols as the API speaks of them: metrics in the order of the stored values, the score, published tables.
import {
  engineVersion,
  metricLabel,
  protocolNames,
  protocols,
  publishedTables,
} from '@imprint/lens-engine'
import type { EvaluationCase, ProtocolName, PublishedTable } from '@imprint/lens-engine'

export { engineVersion, protocolNames }
export type { EvaluationCase, ProtocolName }

export interface ProtocolMetric {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly scale: number
  readonly binary: boolean
  readonly better: 'higher' | 'lower' | 'neither'
  readonly unit: string
}

export interface ProtocolDescription {
  readonly name: ProtocolName
  readonly title: string
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
  const { title, metrics, score } = protocols[name]
  return {
    name,
    title,
    metrics: Object.entries(metrics).map(([metric, { label, scale, binary, better }]) => ({
      ...{ name: metric, label, scale, binary, better },
      description: metricLabel(name, metric as never),
      unit: scale === 100 ? '%' : '',
    })),
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
