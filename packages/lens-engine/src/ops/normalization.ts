// Layer normalisation over the last axis, with the exact eps of the model.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { add, div, mul, scalarLike, sqrt } from './elementwise.js'
import { reduceMean } from './reduction.js'

/** (x - mean) / sqrt(var + eps) * gain + bias over the last axis; the variance is the biased one. */
export function layerNorm(
  builder: GraphBuilder,
  x: Value,
  gain: Value,
  bias: Value,
  epsilon: number,
): Value {
  return builder.single('LayerNormalization', [x, gain, bias], x.type, x.shape, {
    axis: -1,
    epsilon: { float: epsilon },
  })
}

/** x / sqrt(mean(x^2) + eps) * gain over the last axis. */
export function rmsNorm(builder: GraphBuilder, x: Value, gain: Value, epsilon: number): Value {
  const last = x.shape.length - 1
  const meanSquare = reduceMean(builder, mul(builder, x, x), [last], true)
  const root = sqrt(builder, add(builder, meanSquare, scalarLike(builder, x, epsilon)))
  return mul(builder, div(builder, x, root), gain)
}
