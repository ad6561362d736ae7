// Vectors -> vocabulary, inside the graph and in tiles, so that logits of rows x vocabulary never leave the runtime
// nor exist all at once: top and bottom tokens, their probabilities, and ranks of two tokens.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { cast, greater } from '../ops/elementwise.js'
import { pickColumns, topK } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { concat, reshape } from '../ops/movement.js'
import { reduceSum } from '../ops/reduction.js'
import { softmax } from '../ops/softmax.js'

export interface Projection {
  /** [vectors, width], already normalised as the lens asks */
  readonly rows: Value
  /** int64 [vectors]: tokens whose ranks are wanted */
  readonly targets: Value
  readonly answers: Value
  /** D [vocabulary, width] */
  readonly decoder: Value
  /** [vocabulary], in families whose decoder has one */
  readonly decoderBias?: Value | null
  readonly topK: number
}

/** Outputs of the projection, each padded to whole tiles: [tiles, strips, stripRows, k] or [tiles, strips, stripRows]. */
export const projectionOutputs = [
  'top.ids',
  'top.logits',
  'top.probabilities',
  'bottom.ids',
  'bottom.logits',
  'bottom.probabilities',
  'rank.target',
  'rank.answer',
] as const

/**
 * Adds the inputs `tile_shape` int64 [3] (tiles, strips of a tile, rows of a strip) and `tile_padding` int64 [1], a Scan
 * over tiles, and the outputs above. A tile is large, so that the product with D runs at full speed; its logits are read
 * in strips that stay in the processor's cache.
 */
export function addProjection(builder: GraphBuilder, projection: Projection): void {
  const width = projection.decoder.shape[1] as number
  const grid = builder.input('tile_shape', 'int64', [3])
  const padding = builder.input('tile_padding', 'int64', [1])
  const zeros = (count: number): Value => builder.integers(Array<number>(count).fill(0))
  const rows = pad(builder, projection.rows, [zeros(2), padding, zeros(1)])
  const shape = joinSizes(builder, [slice(builder, grid, 0, 1), builder.integers([-1, width])])
  const tiles = builder.single('Reshape', [rows, shape], 'float32', ['tiles', 'tile_rows', width])
  const ids = [projection.targets, projection.answers].map((tokens) =>
    builder.single('Reshape', [pad(builder, tokens, [zeros(1), padding]), grid], 'int64', [
      'tiles',
      'strips',
      'strip_rows',
    ]),
  )
  const body = tileBody(builder, projection, slice(builder, grid, 1, 3))
  const results = scan(builder, [tiles, ...ids], body, 'tiles')
  projectionOutputs.forEach((name, index) => builder.output(name, results[index] as Value))
}

/** Applies `body` to every slice of the inputs along axis 0 and stacks its outputs. */
function scan(
  builder: GraphBuilder,
  inputs: readonly Value[],
  body: Graph,
  axis: string,
): readonly Value[] {
  const outputs = body.outputs.map(({ value: { type, shape } }) => ({
    type,
    shape: [axis, ...shape],
  }))
  return builder.node('Scan', inputs, outputs, { body, num_scan_inputs: inputs.length })
}

function pad(builder: GraphBuilder, x: Value, pads: readonly Value[]): Value {
  const amounts = builder.single('Concat', pads, 'int64', [2 * x.shape.length], { axis: 0 })
  return builder.single('Pad', [x, amounts], x.type, ['padded', ...x.shape.slice(1)])
}

function slice(builder: GraphBuilder, sizes: Value, start: number, end: number): Value {
  const bounds = [builder.integers([start]), builder.integers([end])]
  return builder.single('Slice', [sizes, ...bounds], 'int64', [end - start])
}

function joinSizes(builder: GraphBuilder, parts: readonly Value[]): Value {
  const rank = parts.reduce((sum, part) => sum + (part.shape[0] as number), 0)
  return builder.single('Concat', parts, 'int64', [rank], { axis: 0 })
}

/** One tile: its logits, then its strips one after the other. @param strips int64 [2]: strips, rows of a strip */
function tileBody(outer: GraphBuilder, projection: Projection, strips: Value): Graph {
  const { decoder, decoderBias, topK: k } = projection
  const [vocabulary, width] = decoder.shape as readonly [number, number]
  const body = outer.subgraph('project_tile')
  const tile = body.input('tile', 'float32', ['tile_rows', width])
  const tokens = ['targets', 'answers'].map((name) =>
    body.input(`tile_${name}`, 'int64', ['strips', 'strip_rows']),
  )
  const logits = gemm(body, tile, decoder, decoderBias ?? null, { transposeB: true })
  const shape = joinSizes(body, [strips, body.integers([vocabulary])])
  const cut = body.single('Reshape', [logits, shape], 'float32', [
    'strips',
    'strip_rows',
    vocabulary,
  ])
  const results = scan(body, [cut, ...tokens], stripBody(body, vocabulary, k), 'strips')
  projectionOutputs.forEach((name, index) => body.output(`tile.${name}`, results[index] as Value))
  return body.build()
}

/** What is read from the logits of a few rows; outputs in the order of `projectionOutputs`. */
function stripBody(outer: GraphBuilder, vocabulary: number, k: number): Graph {
  const body = outer.subgraph('read_strip')
  const logits = body.input('strip', 'float32', ['strip_rows', vocabulary])
  const targets = body.input('strip_targets', 'int64', ['strip_rows'])
  const answers = body.input('strip_answers', 'int64', ['strip_rows'])
  const probabilities = softmax(body, logits)
  for (const [end, largest] of [
    ['top', true],
    ['bottom', false],
  ] as const) {
    const { values, indices } = topK(body, logits, k, largest)
    body.output(`strip.${end}.ids`, cast(body, indices, 'int32'))
    body.output(`strip.${end}.logits`, values)
    body.output(`strip.${end}.probabilities`, pickColumns(body, probabilities, indices))
  }
  body.output('strip.rank.target', rankOf(body, logits, targets))
  body.output('strip.rank.answer', rankOf(body, logits, answers))
  return body.build()
}

/** Tokens whose logit is strictly greater (methods: ties favour a small rank). logits [n, V], tokens [n] -> int32 [n] */
function rankOf(builder: GraphBuilder, logits: Value, tokens: Value): Value {
  const own = pickColumns(builder, logits, reshape(builder, tokens, ['strip_rows', 1]))
  const above = cast(builder, greater(builder, logits, own), 'float32')
  return cast(builder, reduceSum(builder, above, [1]), 'int32')
}

/** Rows of several groups one below the other. */
export function stackRows(builder: GraphBuilder, groups: readonly Value[], name: string): Value {
  return concat(builder, groups, 0, name)
}
