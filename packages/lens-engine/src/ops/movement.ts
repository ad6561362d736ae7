// Operators that move elements without changing them.
import type { GraphBuilder } from '../graph/graph-builder.js'
import { sameShape, type Dimension, type Shape, type Value } from '../graph/graph.js'

/** `x` with another shape of the same size; symbols are filled in at run time. */
export function reshape(builder: GraphBuilder, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  const symbols = shape.filter((dimension) => typeof dimension === 'string')
  const target =
    symbols.length === 1
      ? builder.integers(shape.map((dimension) => (typeof dimension === 'string' ? -1 : dimension)))
      : builder.shapeValue(shape)
  return builder.single('Reshape', [x, target], x.type, shape)
}

/** Axes in the order of `permutation`. */
export function transpose(builder: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => x.shape[axis] as Dimension)
  return builder.single('Transpose', [x], x.type, shape, { perm: permutation })
}

/** The last two axes swapped. */
export function swapLastAxes(builder: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis)
  const rank = axes.length
  return transpose(builder, x, [...axes.slice(0, rank - 2), rank - 1, rank - 2])
}

/** Values joined along `axis`; `size` names the joined dimension when it is not the sum of numbers. */
export function concat(
  builder: GraphBuilder,
  values: readonly Value[],
  axis: number,
  size?: Dimension,
): Value {
  const first = values[0] as Value
  if (values.length === 1) return first
  const sizes = values.map((value) => value.shape[axis])
  const sum = sizes.every((dimension) => typeof dimension === 'number')
    ? sizes.reduce<number>((total, dimension) => total + (dimension as number), 0)
    : `${values.length}*${String(sizes[0])}`
  const shape = first.shape.map((dimension, index) => (index === axis ? (size ?? sum) : dimension))
  return builder.single('Concat', values, first.type, shape, { axis })
}

/** `x` cut along `axis` into parts of the given sizes; symbols are filled in at run time. */
export function split(
  builder: GraphBuilder,
  x: Value,
  axis: number,
  sizes: readonly Dimension[],
): readonly Value[] {
  const outputs = sizes.map((size) => ({
    type: x.type,
    shape: x.shape.map((dimension, index) => (index === axis ? size : dimension)),
  }))
  return builder.node('Split', [x, builder.shapeValue(sizes)], outputs, { axis })
}

/** `x` repeated along its axes of size 1 to fill `shape`. */
export function expand(builder: GraphBuilder, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape)
    ? x
    : builder.single('Expand', [x, builder.shapeValue(shape)], x.type, shape)
}
