// Activation functions by the names model configurations use.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { add, erf, mul, relu, scalarLike, scale, sigmoid, tanh } from './elementwise.js'

type Activation = (builder: GraphBuilder, x: Value) => Value

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
const geluTanh: Activation = (builder, x) => {
  const one = scalarLike(builder, x, 1)
  const square = mul(builder, x, x)
  const inner = mul(builder, x, add(builder, scale(builder, square, 0.044715), one))
  const gate = tanh(builder, scale(builder, inner, Math.sqrt(2 / Math.PI)))
  return mul(builder, scale(builder, x, 0.5), add(builder, gate, one))
}

/** 0.5 x (1 + erf(x / sqrt(2))). */
const geluErf: Activation = (builder, x) => {
  const gate = erf(builder, scale(builder, x, Math.SQRT1_2))
  return mul(builder, scale(builder, x, 0.5), add(builder, gate, scalarLike(builder, x, 1)))
}

const silu: Activation = (builder, x) => mul(builder, x, sigmoid(builder, x))

export const activations: Readonly<Record<string, Activation>> = {
  gelu: geluErf,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_fast: geluTanh,
  relu,
  silu,
  swish: silu,
  tanh,
}
