// The one place where the gradient of a broadcast operand is summed back to the operand's shape.
import type { GraphBuilder } from '../graph/graph-builder.js'
import { sameShape, type Shape, type Value } from '../graph/graph.js'
import { reshape } from '../ops/movement.js'
import { reduceSum } from '../ops/reduction.js'

/** Sums `gradient` over the axes along which an operand of shape `target` was repeated. */
export function unbroadcast(builder: GraphBuilder, gradient: Value, target: Shape): Value {
  if (sameShape(gradient.shape, target)) return gradient
  const extra = gradient.shape.length - target.length
  const axes = gradient.shape.flatMap((dimension, axis) => {
    const repeated = axis < extra || (target[axis - extra] === 1 && dimension !== 1)
    return repeated ? [axis] : []
  })
  return reshape(builder, reduceSum(builder, gradient, axes, true), target)
}
