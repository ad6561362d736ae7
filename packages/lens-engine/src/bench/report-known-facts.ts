// Measured known facts -> the table and the figure of docs/real-model.md; CounterFact's sentences are in neither.
import { drawPanels, type Panel, type Series } from './draw-panels.js'
import { segments, type KnownFact } from './measure-known-facts.js'

/** A Markdown table: subject, target, and the target's rank from the bottom in some layers. */
export function knownFactsTable(facts: readonly KnownFact[], layers: readonly number[]): string {
  const rows = facts.map((fact) => [
    fact.caseId,
    fact.subject,
    fact.target.trim(),
    fact.probability.toFixed(3),
    fact.firstAtBottom ?? '–',
    ...layers.map((layer) => fact.fromBottom[layer] ?? '–'),
    fact.firstOnTop ?? '–',
  ])
  const head = [
    'case_id',
    'subject',
    'target',
    'p(target)',
    'first at bottom',
    ...layers.map((layer) => `layer ${layer}`),
    'first on top',
  ]
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The figure's data: median and quartiles over the facts, by layer. */
export function summarizeKnownFacts(facts: readonly KnownFact[]) {
  const byLayer = (read: (fact: KnownFact) => readonly number[]) => {
    const layers = facts[0] === undefined ? 0 : read(facts[0]).length
    return Array.from({ length: layers }, (_, layer) =>
      quartiles(facts.map((fact) => read(fact)[layer]!)),
    )
  }
  return {
    facts: facts.length,
    fromBottom: byLayer(({ fromBottom }) => fromBottom),
    inputFromTop: byLayer(({ inputFromTop }) => inputFromTop),
    written: {
      'mlp.gate': byLayer(({ written }) => written['mlp.gate']),
      'mlp.up': byLayer(({ written }) => written['mlp.up']),
      'mlp.down': byLayer(({ written }) => written['mlp.down']),
    },
    vjpNorms: Object.fromEntries(
      segments.map((segment) => [segment, byLayer(({ vjpNorms }) => vjpNorms[segment])]),
    ),
  }
}

type Quartiles = readonly [lower: number, median: number, upper: number]

/** Quartiles with linear interpolation between ranks. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => {
    const place = share * (sorted.length - 1)
    const below = sorted[Math.floor(place)]!
    return below + (sorted[Math.ceil(place)]! - below) * (place % 1)
  }
  return [at(0.25), at(0.5), at(0.75)]
}

/** The figure as SVG: ranks, what is written into each matrix, and where in the prompt. */
export function drawKnownFacts(facts: readonly KnownFact[], model: string): string {
  const summary = summarizeKnownFacts(facts)
  const series = (name: string, rows: readonly Quartiles[], add = 0): Series => ({
    name,
    rows: rows.map(([lower, median, upper]) => [lower + add, median + add, upper + add]),
  })
  const panels: readonly Panel[] = [
    {
      title: 'Rank of the target + 1, last position',
      series: [
        series('VJP of mlp.down, from the bottom', summary.fromBottom, 1),
        series('input of mlp.gate and mlp.up, from the top', summary.inputFromTop, 1),
      ],
    },
    {
      title: '|x| |delta|, last position',
      series: Object.entries(summary.written).map(([name, rows]) => series(name, rows)),
    },
    {
      title: 'Norm of the VJP of mlp.down',
      series: Object.entries(summary.vjpNorms).map(([name, rows]) => series(name, rows)),
    },
  ]
  return drawPanels(panels, {
    title: `${facts.length} CounterFact prompts whose answer ${model} knows: median and quartiles by layer`,
    axis: 'layer',
  })
}
