// Causal multi-head attention over flattened rows; several query heads may share a key and value head.
import type { GraphBuilder } from '../../graph/graph-builder.js'
import type { Dimension, Value } from '../../graph/graph.js'
import { add, equal, lessOrEqual, scale, sub, where } from '../../ops/elementwise.js'
import { matmul } from '../../ops/matrix.js'
import { reshape, swapLastAxes, transpose } from '../../ops/movement.js'
import { softmax } from '../../ops/softmax.js'
import type { ForwardContext } from '../architecture.js'

export interface AttentionOptions {
  readonly heads: number
  /** Key and value heads; equal to `heads` unless the family groups its queries. */
  readonly keyValueHeads?: number
  readonly headWidth: number
  /** Factor on the scores, usually 1 / sqrt(headWidth). */
  readonly scoreScale: number
  /** float32 [positions, keys]: 0 where a key may be seen, else a number that the softmax turns into 0. */
  readonly mask: Value
  /** What a family does to queries and keys [batch, ..., positions, headWidth], such as rotary embedding. */
  readonly transform?: (heads: Value, side: 'query' | 'key') => Value
  /** Puts the keys and values of earlier positions before those of this call (`ForwardContext.remember`). */
  readonly remember?: ((side: 'key' | 'value', heads: Value) => Value) | undefined
}

const HIDDEN = -1e30

/** The mask blocks share: made at its first use in a graph, once for each width of window. */
export function sharedMask(context: ForwardContext, window?: number): Value {
  return context.shared(`mask ${window ?? 'whole'}`, () => causalMask(context, window))
}

/**
 * Position i sees the positions j <= i, and with a sliding window only j > i - window.
 * Padding on the right is therefore never seen by a real position.
 */
function causalMask(context: ForwardContext, window?: number): Value {
  const { builder, positionIds, keyPositionIds } = context
  const queries = reshape(builder, positionIds, ['positions', 1])
  const keys = reshape(builder, keyPositionIds, [1, keyPositionIds.shape[0] as Dimension])
  const [zero, hidden] = [builder.scalar('float32', 0), builder.scalar('float32', HIDDEN)]
  const earlier = where(builder, lessOrEqual(builder, keys, queries), zero, hidden)
  const causal = withinText(context, earlier, hidden)
  if (window === undefined) return causal
  const last = sub(builder, queries, builder.integers([window]))
  return where(builder, lessOrEqual(builder, keys, last), hidden, causal)
}

function withinText({ builder, texts }: ForwardContext, mask: Value, hidden: Value): Value {
  if (texts === undefined) return mask
  const queries = reshape(builder, texts.queries, ['positions', 1])
  const keys = reshape(builder, texts.keys, [1, texts.keys.shape[0] as Dimension])
  return where(builder, equal(builder, keys, queries), mask, hidden)
}

/** softmax(q k^T * scale + mask) v for each head. query [rows, heads * headWidth] -> the same shape. */
export function causalAttention(
  builder: GraphBuilder,
  query: Value,
  key: Value,
  value: Value,
  options: AttentionOptions,
): Value {
  const { heads, headWidth, mask } = options
  const groups = options.keyValueHeads ?? heads
  const shared = heads / groups
  const transform = options.transform ?? ((x: Value) => x)
  const remember = options.remember ?? ((_side: 'key' | 'value', x: Value) => x)
  const toHeads = (x: Value, each: number): Value =>
    shared === 1
      ? headsOf(builder, x, groups, headWidth)
      : groupsOf(builder, x, groups, each, headWidth)
  const queries = transform(toHeads(query, shared), 'query')
  const keys = remember('key', transform(toHeads(key, 1), 'key'))
  const scores = scale(
    builder,
    matmul(builder, queries, swapLastAxes(builder, keys)),
    options.scoreScale,
  )
  const weights = softmax(builder, add(builder, scores, mask))
  const mixed = matmul(builder, weights, remember('value', toHeads(value, 1)))
  const back = shared === 1 ? [0, 2, 1, 3] : [0, 3, 1, 2, 4]
  return reshape(builder, transpose(builder, mixed, back), ['rows', heads * headWidth])
}

/** [rows, heads * width] -> [batch, heads, positions, width] */
function headsOf(builder: GraphBuilder, x: Value, heads: number, width: number): Value {
  const split = reshape(builder, x, ['batch', 'positions', heads, width])
  return transpose(builder, split, [0, 2, 1, 3])
}

/** [rows, groups * each * width] -> [batch, groups, each, positions, width]; keys with `each` = 1 broadcast. */
function groupsOf(
  builder: GraphBuilder,
  x: Value,
  groups: number,
  each: number,
  width: number,
): Value {
  const split = reshape(builder, x, ['batch', 'positions', groups, each, width])
  return transpose(builder, split, [0, 2, 3, 1, 4])
}
