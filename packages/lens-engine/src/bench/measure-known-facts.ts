// Where a model's known answers are written: the lens on cases of a CounterFact file, one after the other.
import { readFileSync } from 'node:fs'
import type { MatrixName } from '../architectures/hook-points.js'
import type { LensResult, PackedCells } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { TokenSpan } from '../tokenizers/tokenizer.js'

interface CounterFactCase {
  readonly case_id: number
  readonly prompt: string
  readonly subject: string
  readonly ground_truth: string
}

const mlpMatrices = ['mlp.gate', 'mlp.up', 'mlp.down'] as const satisfies readonly MatrixName[]
type MlpMatrix = (typeof mlpMatrices)[number]

/** Parts of a prompt that are averaged apart (Backward Lens, Fig. 5). */
export const segments = ['last subject token', 'last prompt token', 'all others'] as const
export type Segment = (typeof segments)[number]

/** What is measured of one case. Lists are by layer; ranks are those of the target. */
export interface KnownFact {
  readonly caseId: number
  readonly subject: string
  readonly target: string
  readonly probability: number
  /** Rank from the least probable token (0 = the very bottom) in the VJP of `mlp.down` at the last position. */
  readonly fromBottom: readonly number[]
  /** Rank from the most probable token in the input of `mlp.gate` and `mlp.up`, which they share. */
  readonly inputFromTop: readonly number[]
  /** Norm of x_i times norm of delta_i at the last position: the size of what is written there. */
  readonly written: Readonly<Record<MlpMatrix, readonly number[]>>
  /** Mean norm of the VJP of `mlp.down` in each part of the prompt. */
  readonly vjpNorms: Readonly<Record<Segment, readonly number[]>>
  /** The lowest layer whose VJP has the target at the very bottom; null if none has. */
  readonly firstAtBottom: number | null
  /** The lowest layer after which the hidden state has the target on top; null if none has. */
  readonly firstOnTop: number | null
}

/** Measures the cases whose numbers are in `casesFile`. The model must have gated MLPs and a tokenizer. */
export async function measureKnownFacts(
  model: LoadedModel,
  counterFactFile: string,
  casesFile: string,
): Promise<readonly KnownFact[]> {
  const ids = JSON.parse(readFileSync(casesFile, 'utf8')) as readonly number[]
  const all = JSON.parse(readFileSync(counterFactFile, 'utf8')) as readonly CounterFactCase[]
  const byId = new Map(all.map((entry) => [entry.case_id, entry]))
  const facts: KnownFact[] = []
  for (const id of ids) {
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
      matrices: mlpMatrices,
      imprint: false,
      gradientRank: false,
      gradientCheck: false,
    },
  ])
  const spans = model.tokenizer!.encodeWithOffsets(entry.prompt)
  return describeResult(result as LensResult, entry, model.shape.vocabularySize, spans)
}

function describeResult(
  result: LensResult,
  entry: CounterFactCase,
  vocabularySize: number,
  spans: readonly TokenSpan[],
): KnownFact {
  const last = result.promptLength - 1
  const cells = (matrix: MlpMatrix): PackedCells[] =>
    inLayerOrder(result.matrices.filter((one) => one.matrix === matrix))
  const downs = cells('mlp.down')
  const written = (matrix: MlpMatrix): number[] =>
    cells(matrix).map(({ inputNorm, vjpNorm }) => inputNorm[last]! * vjpNorm[last]!)
  const fromBottom = downs.map(({ targetRank }) => vocabularySize - 1 - targetRank[last]!)
  const hidden = inLayerOrder(result.hiddenStates)
  return {
    caseId: entry.case_id,
    subject: entry.subject,
    target: result.target.ranked.text,
    probability: Math.exp(-result.loss),
    fromBottom,
    inputFromTop: cells('mlp.up').map(({ targetRank }) => targetRank[last]!),
    written: {
      'mlp.gate': written('mlp.gate'),
      'mlp.up': written('mlp.up'),
      'mlp.down': written('mlp.down'),
    },
    vjpNorms: segmentNorms(downs, lastSubjectToken(entry, spans), last),
    firstAtBottom: firstLayer(fromBottom),
    firstOnTop: firstLayer(hidden.map(({ targetRank }) => targetRank[last]!)),
  }
}

/** Index of the last token with a character of the subject. */
function lastSubjectToken({ prompt, subject }: CounterFactCase, spans: readonly TokenSpan[]) {
  const from = prompt.indexOf(subject)
  return spans.findLastIndex(({ start, end }) => end > from && start < from + subject.length)
}

function segmentNorms(
  downs: readonly PackedCells[],
  subject: number,
  last: number,
): KnownFact['vjpNorms'] {
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    'last subject token': downs.map(({ vjpNorm }) => vjpNorm[subject]!),
    'last prompt token': downs.map(({ vjpNorm }) => vjpNorm[last]!),
    'all others': downs.map(({ vjpNorm }) =>
      mean([...vjpNorm.subarray(0, last)].filter((_, position) => position !== subject)),
    ),
  }
}

function inLayerOrder<Cells extends Pick<PackedCells, 'layer'>>(cells: readonly Cells[]): Cells[] {
  return [...cells].sort((left, right) => left.layer - right.layer)
}

function firstLayer(ranks: readonly number[]): number | null {
  const layer = ranks.indexOf(0)
  return layer < 0 ? null : layer
}
