// A corpus -> sums of k k^T in float64, batch after batch; what is summed so far can be kept and gone on from.
import type { MatrixName } from '../architectures/hook-points.js'
import { readDocuments, type TextCorpus } from '../datasets/text-corpus.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Feed } from '../runtime/ort.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import { buildMomentGraph, momentOutput } from './moment-graph.js'

/** Sums over the documents read so far. */
export interface KeyMoments {
  /** Documents of the corpus that are summed. */
  documents: number
  tokens: number
  /** By layer: sum of k k^T, row-major [in, in]. */
  readonly sums: ReadonlyMap<number, Float64Array>
}

export interface CollectOptions {
  readonly matrix: MatrixName
  readonly layers: readonly number[]
  /** Stop once this many tokens are summed; the whole corpus when absent. */
  readonly tokens?: number
  /** Tokens read of a document at most; its rest is left out, as in ROME's code at the model's context. */
  readonly documentTokens: number
  readonly signal?: AbortSignal
  /** After each group of documents, when `moments` is complete up to a document. */
  readonly onGroup?: (moments: KeyMoments) => void
}

/** Documents sorted by length together; a group is the unit of resuming. */
const GROUP_DOCUMENTS = 256
/** Rows (documents x positions) computed at once. */
const BATCH_ROWS = 1024

/** @throws BAD_ARGUMENT for a layer the model does not have */
export function emptyMoments(
  { architecture, shape, config }: LoadedModel,
  { matrix, layers }: Pick<CollectOptions, 'matrix' | 'layers'>,
): KeyMoments {
  const wrong = layers.find((layer) => !(layer >= 0 && layer < shape.layers))
  if (wrong !== undefined || layers.length === 0) {
    throw new LensEngineError('BAD_ARGUMENT', `the model has no layer ${wrong ?? '(none named)'}`, {
      details: { layer: wrong ?? null, layers: shape.layers },
      cure: `Use layers from 0 to ${shape.layers - 1}.`,
    })
  }
  const [width] = architecture.matrixWidths(shape, matrix, config)
  return {
    documents: 0,
    tokens: 0,
    sums: new Map(layers.map((layer) => [layer, new Float64Array(width * width)])),
  }
}

/**
 * Adds the documents after those that `moments` already holds. Products are float32 within a batch of at most 1,024 rows
 * and float64 between batches. Groups are cut by document number, so an interrupted collection ends with the same bits.
 * @throws TOKENIZER_MISSING, CORPUS_INVALID, RUN_CANCELLED, NOT_FINITE
 */
export async function collectMoments(
  model: LoadedModel,
  corpus: TextCorpus,
  moments: KeyMoments,
  options: CollectOptions,
): Promise<void> {
  const { tokenizer } = model
  if (tokenizer === null) {
    throw new LensEngineError('TOKENIZER_MISSING', 'the model has no tokenizer for the corpus', {
      cure: "Put the model's tokenizer.json beside its weights and add it again.",
    })
  }
  const limit = options.tokens ?? Infinity
  let skip = moments.documents
  let group: (readonly number[])[] = []
  for await (const document of readDocuments(corpus)) {
    if (skip-- > 0) continue
    if (moments.tokens >= limit) return
    group.push(firstTokens(tokenizer, document, options.documentTokens))
    if (group.length < GROUP_DOCUMENTS) continue
    await addGroup(model, group, moments, options)
    group = []
  }
  if (group.length > 0) await addGroup(model, group, moments, options)
}

/** A token takes at most a few dozen characters, so a long document need not be encoded whole. */
function firstTokens(tokenizer: Tokenizer, text: string, limit: number): readonly number[] {
  return tokenizer.encode(text.slice(0, limit * 64)).slice(0, limit)
}

async function addGroup(
  model: LoadedModel,
  group: readonly (readonly number[])[],
  moments: KeyMoments,
  options: CollectOptions,
): Promise<void> {
  const { matrix, layers, signal } = options
  const key = `key-moments ${matrix} ${layers.join(',')}`
  const { session } = await model.session(key, () => buildMomentGraph(model, matrix, layers))
  // Kept apart until the group is whole, so that a cancelled group leaves no trace.
  const sums = new Map([...moments.sums].map(([layer, sum]) => [layer, Float64Array.from(sum)]))
  for (const batch of similarLengths(group.filter((ids) => ids.length > 0))) {
    if (signal?.aborted === true) throw cancelled()
    const fetches = await session.run(momentFeeds(batch))
    for (const [layer, sum] of sums) {
      addTo(sum, fetches[momentOutput(layer)]?.data as Float32Array, layer)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const [layer, sum] of sums) moments.sums.get(layer)?.set(sum)
  moments.documents += group.length
  moments.tokens += group.reduce((total, ids) => total + ids.length, 0)
  options.onGroup?.(moments)
}

function addTo(sum: Float64Array, part: Float32Array, layer: number): void {
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (sum[index] as number) + (part[index] as number)
  }
  if (Number.isFinite(sum[0])) return
  throw new LensEngineError('NOT_FINITE', `the keys of layer ${layer} are not finite`, {
    details: { layer },
    cure: 'Check the weights of the model: `lens models inspect` and `lens run` show more.',
  })
}

/** Shortest first, at most BATCH_ROWS rows each. */
function similarLengths(
  documents: readonly (readonly number[])[],
): readonly (readonly (readonly number[])[])[] {
  const sorted = [...documents].sort((a, b) => a.length - b.length)
  const batches: (readonly number[])[][] = []
  for (const ids of sorted) {
    const last = batches.at(-1)
    if (last === undefined || (last.length + 1) * ids.length > BATCH_ROWS) batches.push([ids])
    else last.push(ids)
  }
  return batches
}

function momentFeeds(batch: readonly (readonly number[])[]): Readonly<Record<string, Feed>> {
  const positions = Math.max(...batch.map((ids) => ids.length))
  const padded = <T>(ids: readonly number[], real: (id: number) => T, pad: T): T[] =>
    Array.from({ length: positions }, (_, at) => (at < ids.length ? real(ids[at] as number) : pad))
  const tokens = batch.flatMap((ids) => padded(ids, BigInt, 0n))
  const real = batch.flatMap((ids) => padded(ids, () => 1, 0))
  return {
    token_ids: {
      type: 'int64',
      shape: [batch.length, positions],
      data: BigInt64Array.from(tokens),
    },
    position_ids: {
      type: 'int64',
      shape: [positions],
      data: BigInt64Array.from({ length: positions }, (_, at) => BigInt(at)),
    },
    real_rows: { type: 'float32', shape: [real.length, 1], data: Float32Array.from(real) },
  }
}

function cancelled(): LensEngineError {
  return new LensEngineError('RUN_CANCELLED', 'the statistics were cancelled', {
    cure: 'Start again with the same settings: it goes on where it stopped.',
  })
}
