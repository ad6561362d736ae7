// Sequences of unequal length -> the feeds of one batch, padded on the right: causal attention never lets a real position
// see the padding, and nothing is read there.
import type { ModelShape } from '../../architectures/architecture.js'
import type { Feed } from '../../runtime/ort.js'
import { float32, int64 } from '../../runtime/feeds.js'
import { needsGradient, needsHead, type PassPlan } from './pass-plan.js'
import type { PassRequest, PassSequence } from './pass-request.js'

const PADDING_TOKEN = 0

/** Sequences that run together. */
export interface PassBatch {
  readonly sequences: readonly PassSequence[]
  /** Positions of the longest sequence. */
  readonly positions: number
}

export function makeBatch(sequences: readonly PassSequence[]): PassBatch {
  return { sequences, positions: Math.max(...sequences.map(({ ids }) => ids.length)) }
}

/** Rows of the batch that a list of positions of each sequence stands for, in order. */
export const rowsOf = (
  { sequences, positions }: PassBatch,
  pick: (sequence: PassSequence) => readonly number[],
): readonly number[] =>
  sequences.flatMap((sequence, element) =>
    pick(sequence).map((position) => element * positions + position),
  )

/** A list of no elements is fed as one that nothing reads: empty tensors are refused by some providers. */
const atLeastOne = (values: readonly number[]): readonly number[] =>
  values.length === 0 ? [0] : values

/** Every feed of a plan but those of its delta sites. */
export function batchFeeds(
  batch: PassBatch,
  plan: PassPlan,
  shape: ModelShape,
  vectors: PassRequest['vectors'],
): Record<string, Feed> {
  const { sequences, positions } = batch
  const ids = sequences.flatMap((sequence) => [
    ...sequence.ids,
    ...Array<number>(positions - sequence.ids.length).fill(PADDING_TOKEN),
  ])
  const feeds: Record<string, Feed> = {
    token_ids: int64(ids, [sequences.length, positions]),
    position_ids: int64([...Array(positions).keys()], [positions]),
  }
  if (plan.fromLayer > 0) feeds['before'] = beforeFeed(batch, shape.width)
  if (plan.inputs.length + plan.outputs.length + plan.residuals.length > 0) {
    const rows = atLeastOne(rowsOf(batch, ({ captured }) => captured ?? []))
    feeds['capture_rows'] = int64(rows, [rows.length])
  }
  if (plan.vectorsAt !== null && vectors !== undefined) {
    Object.assign(feeds, vectorFeeds(batch, vectors.values))
  }
  if (needsHead(plan)) Object.assign(feeds, scoreFeeds(batch, plan))
  if (plan.divergence !== null) {
    Object.assign(feeds, divergenceFeeds(batch, shape.vocabularySize))
  }
  return feeds
}

function beforeFeed({ sequences, positions }: PassBatch, width: number): Feed {
  const data = new Float32Array(sequences.length * positions * width)
  sequences.forEach(({ before }, element) => {
    if (before === undefined)
      throw new RangeError('a sequence lacks the residual stream before fromLayer')
    data.set(before, element * positions * width)
  })
  return float32(data, [sequences.length * positions, width])
}

function vectorFeeds(batch: PassBatch, values: readonly Float32Array[]): Record<string, Feed> {
  const width = (values[0] as Float32Array).length
  const data = new Float32Array(values.length * width)
  values.forEach((vector, index) => data.set(vector, index * width))
  const rows = batch.sequences.length * batch.positions
  const mask = new Float32Array(rows * values.length)
  batch.sequences.forEach(({ vectors = [] }, element) => {
    for (const { vector, position } of vectors) {
      mask[(element * batch.positions + position) * values.length + vector] = 1
    }
  })
  return {
    vectors: float32(data, [values.length, width]),
    vector_mask: float32(mask, [rows, values.length]),
  }
}

/** Scored places come first, then the diverging ones; each is a row of logits. */
export const placesOf = ({ scored = [], diverging = [] }: PassSequence): readonly number[] => [
  ...scored.map(({ position }) => position),
  ...diverging.map(({ position }) => position),
]

/** The widest list of tokens at one place. */
export const picksOf = ({ sequences }: PassBatch): number =>
  Math.max(1, ...sequences.flatMap(({ scored = [] }) => scored.map(({ tokens }) => tokens.length)))

function scoreFeeds(batch: PassBatch, plan: PassPlan): Record<string, Feed> {
  const rows = atLeastOne(rowsOf(batch, placesOf))
  const feeds = { score_rows: int64(rows, [rows.length]) }
  if (!plan.head.includes('nll') && !needsGradient(plan)) return feeds
  const picks = picksOf(batch)
  const tokens = Array<number>(rows.length * picks).fill(0)
  const weights = new Float32Array(rows.length * picks)
  let place = 0
  for (const sequence of batch.sequences) {
    for (const [index, scored] of (sequence.scored ?? []).entries()) {
      scored.tokens.forEach((token, pick) => {
        tokens[(place + index) * picks + pick] = token
        weights[(place + index) * picks + pick] = scored.weights?.[pick] ?? 1
      })
    }
    place += placesOf(sequence).length
  }
  return {
    ...feeds,
    score_tokens: int64(tokens, [rows.length, picks]),
    score_weights: float32(weights, [rows.length, picks]),
  }
}

function divergenceFeeds({ sequences }: PassBatch, vocabulary: number): Record<string, Feed> {
  const places: number[] = []
  const weights: number[] = []
  const bases: Float32Array[] = []
  let place = 0
  for (const sequence of sequences) {
    const scored = sequence.scored?.length ?? 0
    for (const [index, { base, weight }] of (sequence.diverging ?? []).entries()) {
      places.push(place + scored + index)
      weights.push(weight)
      bases.push(base)
    }
    place += placesOf(sequence).length
  }
  const count = Math.max(1, places.length)
  const data = new Float32Array(count * vocabulary)
  bases.forEach((base, index) => data.set(base, index * vocabulary))
  return {
    divergence_places: int64(atLeastOne(places), [count]),
    divergence_weights: float32(Float32Array.from(atLeastOne(weights)), [count]),
    divergence_base: float32(data, [count, vocabulary]),
  }
}
