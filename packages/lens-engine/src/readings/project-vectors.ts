// Any vectors of the residual stream -> top and bottom tokens, as the lens shows those of a gradient.
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import type { LensKind } from '../lens/lens-result.js'
import { addProjection } from '../lens/project-rows.js'
import { div } from '../ops/elementwise.js'
import { reduceL2 } from '../ops/reduction.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { stripRowLimit, tileRowLimit } from '../runtime/memory-estimate.js'
import type { Fetch } from '../runtime/ort.js'

export interface ProjectedToken {
  readonly id: number
  readonly logit: number
  readonly probability: number
}

export interface ProjectedVector {
  /** Most probable first. */
  readonly top: readonly ProjectedToken[]
  /** Least probable first. */
  readonly bottom: readonly ProjectedToken[]
  /** Number of tokens with a greater logit than the asked one. */
  readonly rank: number
}

export interface ProjectVectorsOptions {
  readonly lens: LensKind
  readonly topK: number
  /** Token whose rank is read in every vector. */
  readonly token: number
}

/** How each lens prepares a vector before the decoder. */
const preparations: Readonly<
  Record<LensKind, (builder: GraphBuilder, v: Value, finalNorm: (rows: Value) => Value) => Value>
> = {
  raw: (_builder, v) => v,
  'final-norm': (_builder, v, finalNorm) => finalNorm(v),
  normalized: (builder, v, finalNorm) =>
    finalNorm(div(builder, v, reduceL2(builder, v, [1], true))),
}

/** Inputs `vectors` [vectors, width] and `tokens` int64 [vectors]; outputs those of `addProjection`. */
function buildProjectionGraph(model: LoadedModel, lens: LensKind, topK: number): Graph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('project_vectors')
  const context = new TapRecorder({ builder, weights, edits: false })
  const assembly = { context, config, shape }
  const decoder = architecture.decoder(assembly)
  const vectors = builder.input('vectors', 'float32', ['vectors', shape.width])
  const tokens = builder.input('tokens', 'int64', ['vectors'])
  const finalNorm = (rows: Value): Value => architecture.finalNorm(assembly, rows)
  addProjection(builder, {
    rows: preparations[lens](builder, vectors, finalNorm),
    targets: tokens,
    answers: tokens,
    decoder,
    decoderBias: architecture.decoderBias?.(assembly) ?? null,
    topK,
  })
  return builder.build()
}

/** @param vectors each [width], none zero */
export async function projectVectors(
  model: LoadedModel,
  vectors: readonly ArrayLike<number>[],
  { lens, topK, token }: ProjectVectorsOptions,
): Promise<readonly ProjectedVector[]> {
  if (vectors.length === 0) return []
  const { width, vocabularySize } = model.shape
  const key = `project-vectors ${lens} ${topK}`
  const { session } = await model.session(key, () => buildProjectionGraph(model, lens, topK))
  const data = new Float32Array(vectors.length * width)
  vectors.forEach((vector, index) => data.set(Array.from(vector), index * width))
  const grid = tileGrid(vectors.length, vocabularySize)
  const integers = (values: readonly number[], shape: readonly number[]) => ({
    type: 'int64' as const,
    shape,
    data: BigInt64Array.from(values, BigInt),
  })
  const fetches = await session.run({
    token_ids: integers([0], [1, 1]),
    position_ids: integers([0], [1]),
    vectors: { type: 'float32', shape: [vectors.length, width], data },
    tokens: integers(Array<number>(vectors.length).fill(token), [vectors.length]),
    tile_shape: integers(grid, [3]),
    tile_padding: integers([grid[0] * grid[1] * grid[2] - vectors.length], [1]),
  })
  return vectors.map((_, index) => readVector(fetches, index, topK))
}

/** Tiles, strips of a tile, rows of a strip. */
function tileGrid(count: number, vocabulary: number): readonly [number, number, number] {
  const stripRows = Math.min(count, stripRowLimit(vocabulary))
  const tiles = Math.ceil(count / tileRowLimit(vocabulary))
  return [tiles, Math.ceil(Math.ceil(count / stripRows) / tiles), stripRows]
}

function readVector(
  fetches: Readonly<Record<string, Fetch>>,
  index: number,
  topK: number,
): ProjectedVector {
  const value = (name: string, place: number): number => Number(fetches[name]?.data[place])
  const end = (name: 'top' | 'bottom'): readonly ProjectedToken[] =>
    Array.from({ length: topK }, (_, k) => ({
      id: value(`${name}.ids`, index * topK + k),
      logit: value(`${name}.logits`, index * topK + k),
      probability: value(`${name}.probabilities`, index * topK + k),
    }))
  return { top: end('top'), bottom: end('bottom'), rank: value('rank.target', index) }
}
