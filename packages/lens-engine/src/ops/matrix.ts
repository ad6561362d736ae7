// Matrix products.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Dimension, Value } from '../graph/graph.js'
import { broadcastShapes, shapeError } from './broadcast.js'

export interface GemmOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

const flag = (value: boolean | undefined): number => (value === true ? 1 : 0)

/** a [n, m] times b [m, p] plus an optional bias [p]; either matrix may be used transposed without a copy. */
export function gemm(
  builder: GraphBuilder,
  a: Value,
  b: Value,
  bias: Value | null = null,
  options: GemmOptions = {},
): Value {
  const [rows, inner] = flip(a.shape, options.transposeA)
  const [innerB, columns] = flip(b.shape, options.transposeB)
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== innerB) {
    throw shapeError('Gemm', a.shape, b.shape)
  }
  const inputs = bias === null ? [a, b] : [a, b, bias]
  return builder.single('Gemm', inputs, a.type, [rows as Dimension, columns as Dimension], {
    transA: flag(options.transposeA),
    transB: flag(options.transposeB),
  })
}

/** Batched product: a [..., n, m] times b [..., m, p]. */
export function matmul(builder: GraphBuilder, a: Value, b: Value): Value {
  const rows = a.shape.at(-2) as Dimension
  const columns = b.shape.at(-1) as Dimension
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw shapeError('MatMul', a.shape, b.shape)
  }
  const batch = broadcastShapes(
    'MatMul',
    { shape: a.shape.slice(0, -2) },
    { shape: b.shape.slice(0, -2) },
  )
  return builder.single('MatMul', [a, b], a.type, [...batch, rows, columns])
}

function flip(shape: readonly Dimension[], transpose: boolean | undefined): readonly Dimension[] {
  return transpose === true ? [...shape].reverse() : shape
}
