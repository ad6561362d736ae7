// The engine's protocols and published tables -> GraphQL values.
import { describeProtocol, namedTables, protocolNames } from '../../engine/protocol-library.js'
import type { NamedTable } from '../../engine/protocol-library.js'
import { metricDirections } from '../../vocabulary/evaluation-names.js'
import type { ProtocolInfo, PublishedTable } from './protocol.type.js'

/** A protocol as the API answers it. The name must be known. */
export function protocolInfo(name: string): ProtocolInfo {
  const { title, description, metrics, score } = describeProtocol(name)
  return {
    ...{ name, title, description },
    metrics: metrics.map((one) => ({ ...one, better: metricDirections.fromEngine(one.better) })),
    score:
      score === null
        ? null
        : { name: score.name, label: 'score (harmonic mean)', of: [...score.of] },
  }
}

export const allProtocols = (): ProtocolInfo[] => protocolNames.map(protocolInfo)

export function publishedTablesOf(protocol?: string | null): PublishedTable[] {
  return namedTables(protocol).map(toPublishedTable)
}

function toPublishedTable({ id, source, spread, cases, note, rows }: NamedTable): PublishedTable {
  return {
    ...{ id, source, spread, cases, note, title: source.split(',')[0] ?? source },
    rows: rows.map(({ model, method, cells }) => ({
      ...{ model, method },
      cells: Object.entries(cells).map(([metric, [mean, plusMinus]]) => ({
        ...{ metric, mean, spread: plusMinus },
      })),
    })),
  }
}
