// Operators that pick rows or elements by index, and their inverse.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Dimension, Value } from '../graph/graph.js'
import { cast, equal } from './elementwise.js'
import { reshape } from './movement.js'

/** Rows `indices` (int64, any shape) of `x` along axis 0. */
export function gatherRows(builder: GraphBuilder, x: Value, indices: Value): Value {
  const shape = [...indices.shape, ...x.shape.slice(1)]
  return builder.single('Gather', [x, indices], x.type, shape, { axis: 0 })
}

/** Element x[i, indices[i, j]] for each row i. x [n, m], indices [n, k] -> [n, k]. */
export function pickColumns(builder: GraphBuilder, x: Value, indices: Value): Value {
  return builder.single('GatherElements', [x, indices], x.type, indices.shape, { axis: 1 })
}

/** 0, 1, ..., size - 1 as int64. */
export function range(builder: GraphBuilder, size: Dimension): Value {
  const zero = builder.constant('int64', [], BigInt64Array.of(0n))
  const one = builder.constant('int64', [], BigInt64Array.of(1n))
  const limit =
    typeof size === 'number'
      ? builder.constant('int64', [], BigInt64Array.of(BigInt(size)))
      : builder.single('Squeeze', [builder.dimension(size)], 'int64', [])
  return builder.single('Range', [zero, limit, one], 'int64', [size])
}

/** 1 where column j equals indices[i], else 0. indices [n] -> [n, size] of `type`. */
export function oneHot(
  builder: GraphBuilder,
  indices: Value,
  size: Dimension,
  type: 'float32' | 'float64',
): Value {
  const column = reshape(builder, indices, [indices.shape[0] as Dimension, 1])
  return cast(builder, equal(builder, column, range(builder, size)), type)
}

export interface TopK {
  readonly values: Value
  readonly indices: Value
}

/** The k largest (or smallest) elements of the last axis, in order. */
export function topK(builder: GraphBuilder, x: Value, k: number, largest: boolean): TopK {
  const shape = [...x.shape.slice(0, -1), k]
  const [values, indices] = builder.node(
    'TopK',
    [x, builder.integers([k])],
    [
      { type: x.type, shape },
      { type: 'int64', shape },
    ],
    { axis: -1, largest: largest ? 1 : 0, sorted: 1 },
  )
  return { values: values as Value, indices: indices as Value }
}

/** Index of the largest element of the last axis. [..., m] -> [...] int64. */
export function argMax(builder: GraphBuilder, x: Value): Value {
  return builder.single('ArgMax', [x], 'int64', x.shape.slice(0, -1), { axis: -1, keepdims: 0 })
}
