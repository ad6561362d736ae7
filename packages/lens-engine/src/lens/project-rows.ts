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

/** Outputs of the projection, each padded to whole tiles: [tiles, tileRows, k] or [tiles, tileRows]. */
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

/** Adds the inputs `tile_shape` int64 [2] and `tile_padding` int64 [1], a Scan over tiles, and the outputs above. */
export function addProjection(builder: GraphBuilder, projection: Projection): void {
  const { decoder } = projection
  const width = decoder.shape[1] as number
  const tileShape = builder.input('tile_shape', 'int64', [2])
  const padding = builder.input('tile_padding', 'int64', [1])
  const zeros = (count: number): Value => builder.integers(Array<number>(count).fill(0))
  const rows = pad(builder, projection.rows, [zeros(2), padding, zeros(1)])
  const shape = builder.single('Concat', [tileShape, builder.integers([width])], 'int64', [3], {
    axis: 0,
  })
  const tiles = builder.single('Reshape', [rows, shape], 'float32', ['tiles', 'tile_rows', width])
  const ids = [projection.targets, projection.answers].map((tokens) =>
    builder.single('Reshape', [pad(builder, tokens, [zeros(1), padding]), tileShape], 'int64', [
      'tiles',
      'tile_rows',
    ]),
  )
  const body = tileBody(builder, projection)
  const outputs = body.outputs.map(({ value }) => ({
    type: value.type,
    shape: ['tiles', ...value.shape],
  }))
  const results = builder.node('Scan', [tiles, ...ids], outputs, { body, num_scan_inputs: 3 })
  projectionOutputs.forEach((name, index) => builder.output(name, results[index] as Value))
}

function pad(builder: GraphBuilder, x: Value, pads: readonly Value[]): Value {
  const amounts = builder.single('Concat', pads, 'int64', [2 * x.shape.length], { axis: 0 })
  return builder.single('Pad', [x, amounts], x.type, ['padded', ...x.shape.slice(1)])
}

function tileBody(outer: GraphBuilder, { decoder, decoderBias, topK: k }: Projection): Graph {
  const body = outer.subgraph('project_tile')
  const tile = body.input('tile', 'float32', ['tile_rows', decoder.shape[1] as number])
  const targets = body.input('tile_targets', 'int64', ['tile_rows'])
  const answers = body.input('tile_answers', 'int64', ['tile_rows'])
  const logits = gemm(body, tile, decoder, decoderBias ?? null, { transposeB: true })
  const probabilities = softmax(body, logits)
  for (const [end, largest] of [
    ['top', true],
    ['bottom', false],
  ] as const) {
    const { values, indices } = topK(body, logits, k, largest)
    body.output(`tile.${end}.ids`, cast(body, indices, 'int32'))
    body.output(`tile.${end}.logits`, values)
    body.output(`tile.${end}.probabilities`, pickColumns(body, probabilities, indices))
  }
  body.output('tile.rank.target', rankOf(body, logits, targets))
  body.output('tile.rank.answer', rankOf(body, logits, answers))
  return body.build()
}

/** Tokens whose logit is strictly greater (methods: ties favour a small rank). logits [n, V], tokens [n] -> int32 [n] */
function rankOf(builder: GraphBuilder, logits: Value, tokens: Value): Value {
  const own = pickColumns(builder, logits, reshape(builder, tokens, ['tile_rows', 1]))
  const above = cast(builder, greater(builder, logits, own), 'float32')
  return cast(builder, reduceSum(builder, above, [1]), 'int32')
}

/** Rows of several groups one below the other. */
export function stackRows(builder: GraphBuilder, groups: readonly Value[], name: string): Value {
  return concat(builder, groups, 0, name)
}
