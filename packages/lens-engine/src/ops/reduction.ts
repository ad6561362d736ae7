// Sums and their relatives along axes. Axes are non-negative; with `keep` they stay with size 1.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Shape, Value } from '../graph/graph.js'

type Reduction = (builder: GraphBuilder, x: Value, axes: readonly number[], keep?: boolean) => Value

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  return keep
    ? shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : shape.filter((_, axis) => !axes.includes(axis))
}

/** Operators that take their axes as an input (ReduceSum since opset 13, the others since 18). */
const reduction =
  (op: string): Reduction =>
  (builder, x, axes, keep = false) =>
    builder.single(op, [x, builder.integers(axes)], x.type, reducedShape(x.shape, axes, keep), {
      keepdims: keep ? 1 : 0,
    })

export const reduceSum = reduction('ReduceSum')
export const reduceMean = reduction('ReduceMean')
export const reduceMax = reduction('ReduceMax')
export const reduceL2 = reduction('ReduceL2')
export const reduceLogSumExp = reduction('ReduceLogSumExp')
