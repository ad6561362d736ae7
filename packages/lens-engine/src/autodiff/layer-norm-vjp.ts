// The gradient of layer normalisation; the statistics are recomputed from the input.
import type { Value } from '../graph/graph.js'
import { add, div, mul, scalarLike, sqrt, sub } from '../ops/elementwise.js'
import { reduceMean } from '../ops/reduction.js'
import type { VjpContext } from './vjp-context.js'

/**
 * With xhat = (x - mean) / s, s = sqrt(var + eps) and g = delta * gain:
 * dx = (g - mean(g) - xhat * mean(g * xhat)) / s (standard form of Backward Lens, eq. 14-16).
 */
export function layerNormVjp(context: VjpContext): readonly (Value | null)[] {
  const { builder, node, gradient } = context
  const [x, gain] = node.inputs as readonly [Value, Value, Value]
  const epsilon = (node.attributes['epsilon'] as { readonly float: number }).float
  const last = [x.shape.length - 1]
  const mean = (value: Value): Value => reduceMean(builder, value, last, true)
  const centred = sub(builder, x, mean(x))
  const variance = mean(mul(builder, centred, centred))
  const deviation = sqrt(builder, add(builder, variance, scalarLike(builder, x, epsilon)))
  const normalized = div(builder, centred, deviation)
  const scaled = mul(builder, gradient, gain)
  const projection = mul(builder, normalized, mean(mul(builder, scaled, normalized)))
  const inner = sub(builder, sub(builder, scaled, mean(scaled)), projection)
  const forX = div(builder, inner, deviation)
  return [
    context.wanted(0) ? forX : null,
    context.wanted(1) ? mul(builder, gradient, normalized) : null,
    gradient,
  ]
}
