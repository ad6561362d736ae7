// Where a model's known answers reach the bottom of the vocabulary: the lens on cases of a CounterFact file, as a Markdown table.
import { readFileSync } from 'node:fs'
import type { LensResult, PackedCells } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import type { LoadedModel } from '../runtime/load-model.js'

interface CounterFactCase {
  readonly case_id: number
  readonly prompt: string
  readonly subject: string
  readonly ground_truth: string
}

/** What the table says of one case. Ranks are counted from the least probable token, 0 = the very bottom. */
export interface KnownFact {
  readonly caseId: number
  readonly subject: string
  readonly target: string
  readonly probability: number
  /** Rank from the bottom at the last position, by layer. */
  readonly fromBottom: readonly number[]
  /** The lowest layer whose VJP has the target at the very bottom; null if none has. */
  readonly firstAtBottom: number | null
  /** The lowest layer after which the hidden state has the target on top; null if none has. */
  readonly firstOnTop: number | null
}

const ids = (path: string): readonly number[] =>
  JSON.parse(readFileSync(path, 'utf8')) as readonly number[]

/** Runs the lens on the cases whose numbers are in `casesFile`, one after the other. */
export async function measureKnownFacts(
  model: LoadedModel,
  counterFactFile: string,
  casesFile: string,
): Promise<readonly KnownFact[]> {
  const all = JSON.parse(readFileSync(counterFactFile, 'utf8')) as readonly CounterFactCase[]
  const byId = new Map(all.map((entry) => [entry.case_id, entry]))
  const facts: KnownFact[] = []
  for (const id of ids(casesFile)) {
    const entry = byId.get(id)
    if (entry !== undefined) facts.push(await measureOne(model, entry))
  }
  return facts
}

async function measureOne(model: LoadedModel, entry: CounterFactCase): Promise<KnownFact> {
  const [result] = await runLens(model, [
    {
      prompt: { text: entry.prompt },
      target: { text: entry.ground_truth },
      matrices: ['mlp.down'],
      imprint: false,
      gradientRank: false,
      gradientCheck: false,
    },
  ])
  return describeResult(result as LensResult, entry, model.shape.vocabularySize)
}

function describeResult(
  result: LensResult,
  entry: CounterFactCase,
  vocabularySize: number,
): KnownFact {
  const last = result.promptLength - 1
  const downs = inLayerOrder(result.matrices.filter(({ matrix }) => matrix === 'mlp.down'))
  const fromBottom = downs.map(({ targetRank }) => vocabularySize - 1 - targetRank[last]!)
  const hidden = inLayerOrder(result.hiddenStates)
  return {
    caseId: entry.case_id,
    subject: entry.subject,
    target: result.target.ranked.text,
    probability: Math.exp(-result.loss),
    fromBottom,
    firstAtBottom: firstLayer(fromBottom),
    firstOnTop: firstLayer(hidden.map(({ targetRank }) => targetRank[last]!)),
  }
}

function inLayerOrder<Cells extends Pick<PackedCells, 'layer'>>(cells: readonly Cells[]): Cells[] {
  return [...cells].sort((left, right) => left.layer - right.layer)
}

function firstLayer(ranks: readonly number[]): number | null {
  const layer = ranks.indexOf(0)
  return layer < 0 ? null : layer
}

/** The table of docs/real-model.md; CounterFact's sentences are not in it. */
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
