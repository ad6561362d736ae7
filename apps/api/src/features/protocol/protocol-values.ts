// The engine's protocols and published tables -> GraphQL values.
import { describeProtocol, namedTables, protocolNames } from '../../engine/protocol-library.js'
import type { NamedTable } from '../../engine/protocol-library.js'
import { metricDirections } from '../../vocabulary/evaluation-names.js'
import type { ProtocolInfo, PublishedTable } from './protocol.type.js'

const descriptions: Readonly<Record<string, string>> = {
  counterfact:
    'ROME and MEMIT: is the new target more probable than the true one, by NLL per token, on the prompt (ES), paraphrases (PS); the true one on neighbors (NS). S is their harmonic mean.',
  'counterfact-reduced':
    'The same comparisons on EasyEdit’s file, which has one paraphrase and one neighbor a case.',
  'backward-lens':
    'Backward Lens (Katz et al. 2024): is every token of the target the most probable one, on the prompt, paraphrases and neighbors; n-gram entropy and perplexity of texts.',
  easyedit:
    'EasyEdit: share of the target’s tokens that are the most probable ones; locality is agreement with the model before the edit.',
  zsre: 'zsRE as ROME and MEMIT score it: token accuracies, specificity against the gold answer.',
}

/** A protocol as the API answers it. The name must be known. */
export function protocolInfo(name: string): ProtocolInfo {
  const { title, metrics, score } = describeProtocol(name)
  return {
    ...{ name, title, description: descriptions[name] ?? title },
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
