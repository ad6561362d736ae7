// Causal multi-head attention over flattened rows.
import type { GraphBuilder } from '../../graph/graph-builder.js'
import type { Value } from '../../graph/graph.js'
import { add, lessOrEqual, scale, where } from '../../ops/elementwise.js'
import { matmul } from '../../ops/matrix.js'
import { reshape, swapLastAxes, transpose } from '../../ops/movement.js'
import { softmax } from '../../ops/softmax.js'

export interface AttentionOptions {
  readonly heads: number
  readonly headWidth: number
  /** Factor on the scores, usually 1 / sqrt(headWidth). */
  readonly scoreScale: number
  /** float32 [positions, positions]: 0 where a key may be seen, else a number that the softmax turns into 0. */
  readonly mask: Value
}

const HIDDEN = -1e30

/** Position i sees the positions j <= i. Padding on the right is therefore never seen by a real position. */
export function causalMask(builder: GraphBuilder, positionIds: Value): Value {
  const queries = reshape(builder, positionIds, ['positions', 1])
  const keys = reshape(builder, positionIds, [1, 'positions'])
  const seen = lessOrEqual(builder, keys, queries)
  return where(builder, seen, builder.scalar('float32', 0), builder.scalar('float32', HIDDEN))
}

/** softmax(q k^T * scale + mask) v for each head. query, key, value [rows, heads * headWidth] -> the same shape. */
export function causalAttention(
  builder: GraphBuilder,
  query: Value,
  key: Value,
  value: Value,
  options: AttentionOptions,
): Value {
  const { heads, headWidth } = options
  const toHeads = (x: Value): Value =>
    transpose(builder, reshape(builder, x, ['batch', 'positions', heads, headWidth]), [0, 2, 1, 3])
  const scores = matmul(builder, toHeads(query), swapLastAxes(builder, toHeads(key)))
  const weights = softmax(
    builder,
    add(builder, scale(builder, scores, options.scoreScale), options.mask),
  )
  const mixed = transpose(builder, matmul(builder, weights, toHeads(value)), [0, 2, 1, 3])
  return reshape(builder, mixed, ['rows', heads * headWidth])
}
