// All of reverse-mode differentiation: for each operator, the gradients of its inputs from the gradient of its output.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Dimension, Value } from '../graph/graph.js'
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  mul,
  neg,
  scalarLike,
  scale,
  sin,
  sub,
  where,
} from '../ops/elementwise.js'
import { oneHot } from '../ops/indexing.js'
import { gemm, matmul } from '../ops/matrix.js'
import { concat, expand, reshape, split, swapLastAxes, transpose } from '../ops/movement.js'
import { reduceMax, reduceSum } from '../ops/reduction.js'
import { layerNormVjp } from './layer-norm-vjp.js'
import type { VjpContext, VjpRule } from './vjp-context.js'

const input = (context: VjpContext, index: number): Value => context.node.inputs[index] as Value

const lastAxis = (value: Value): number => value.shape.length - 1

/** A rule for y = f(x) with dL/dx = g * f'(x). */
const pointwise =
  (derivative: (builder: GraphBuilder, x: Value, y: Value) => Value): VjpRule =>
  (context) => {
    const { builder, gradient, output } = context
    return [mul(builder, gradient, derivative(builder, input(context, 0), output))]
  }

const square = (builder: GraphBuilder, x: Value): Value => mul(builder, x, x)

const oneMinus = (builder: GraphBuilder, x: Value): Value =>
  sub(builder, scalarLike(builder, x, 1), x)

const gemmRule: VjpRule = (context) => {
  const { builder, node, gradient } = context
  const [a, b] = [input(context, 0), input(context, 1)]
  const transposeA = node.attributes['transA'] === 1
  const transposeB = node.attributes['transB'] === 1
  const forA = () =>
    transposeA
      ? gemm(builder, b, gradient, null, { transposeA: transposeB, transposeB: true })
      : gemm(builder, gradient, b, null, { transposeB: !transposeB })
  const forB = () =>
    transposeB
      ? gemm(builder, gradient, a, null, { transposeA: true, transposeB: transposeA })
      : gemm(builder, a, gradient, null, { transposeA: !transposeA })
  return [
    context.wanted(0) ? forA() : null,
    context.wanted(1) ? forB() : null,
    ...(node.inputs.length > 2 ? [gradient] : []),
  ]
}

const matmulRule: VjpRule = (context) => {
  const { builder, gradient } = context
  const [a, b] = [input(context, 0), input(context, 1)]
  return [
    context.wanted(0) ? matmul(builder, gradient, swapLastAxes(builder, b)) : null,
    context.wanted(1) ? matmul(builder, swapLastAxes(builder, a), gradient) : null,
  ]
}

const transposeRule: VjpRule = ({ builder, node, gradient }) => {
  const permutation = node.attributes['perm'] as readonly number[]
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis))
  return [transpose(builder, gradient, inverse)]
}

const concatRule: VjpRule = ({ builder, node, gradient }) => {
  const axis = node.attributes['axis'] as number
  const sizes = node.inputs.map((value) => (value as Value).shape[axis] as Dimension)
  return split(builder, gradient, axis, sizes)
}

const splitRule: VjpRule = ({ builder, node, gradients }) => {
  const parts = node.outputs.map((output, index) => {
    const zero = scalarLike(builder, output, 0)
    return gradients[index] ?? expand(builder, zero, output.shape)
  })
  const axis = node.attributes['axis'] as number
  return [concat(builder, parts, axis), null]
}

/** dL/dx[r] = sum of g[k] over the picks k of row r, as a product with the one-hot matrix of the picks. */
const gatherRule: VjpRule = (context) => {
  const { builder, gradient } = context
  const [data, indices] = [input(context, 0), input(context, 1)]
  const type = gradient.type as 'float32' | 'float64'
  const flatIndices = reshape(builder, indices, ['picks'])
  const flatGradient = reshape(builder, gradient, ['picks', ...data.shape.slice(1)])
  const picks = oneHot(builder, flatIndices, data.shape[0] as Dimension, type)
  return [gemm(builder, picks, flatGradient, null, { transposeA: true }), null]
}

const pickColumnsRule: VjpRule = (context) => {
  const { builder, gradient } = context
  const [data, indices] = [input(context, 0), input(context, 1)]
  const [rows, picks] = indices.shape as readonly [Dimension, Dimension]
  const type = gradient.type as 'float32' | 'float64'
  const hot = oneHot(
    builder,
    reshape(builder, indices, ['picks']),
    data.shape[1] as Dimension,
    type,
  )
  const columns = reshape(builder, hot, [rows, picks, data.shape[1] as Dimension])
  const weighted = mul(builder, columns, reshape(builder, gradient, [rows, picks, 1]))
  return [reduceSum(builder, weighted, [1]), null]
}

/**
 * y * (g - sum(g * y)), for y = softmax(x). Centred twice: where y is nearly one-hot the first difference is all
 * rounding error, and the second removes it, so that rows keep summing to zero and gradient ranks stay true.
 */
const softmaxRule: VjpRule = ({ builder, output, gradient }) => {
  const axis = [lastAxis(output)]
  const mean = (value: Value): Value => reduceSum(builder, mul(builder, value, output), axis, true)
  const once = sub(builder, gradient, mean(gradient))
  return [mul(builder, output, sub(builder, once, mean(once)))]
}

/** g - exp(y) * sum(g), for y = log softmax(x). */
const logSoftmaxRule: VjpRule = ({ builder, output, gradient }) => {
  const sum = reduceSum(builder, gradient, [lastAxis(output)], true)
  return [sub(builder, gradient, mul(builder, exp(builder, output), sum))]
}

const reducedAxes = (context: VjpContext): readonly number[] =>
  context.builder.integersOf(input(context, 1))

/** A value of the reduced shape with the reduced axes put back as size 1. */
function restoreAxes(context: VjpContext, value: Value): Value {
  const axes = reducedAxes(context)
  const kept = input(context, 0).shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return reshape(context.builder, value, kept)
}

const reduceSumRule: VjpRule = (context) => {
  const gradient = restoreAxes(context, context.gradient)
  return [expand(context.builder, gradient, input(context, 0).shape), null]
}

const reduceMeanRule: VjpRule = (context) => {
  const { builder } = context
  const source = input(context, 0)
  const ones = expand(builder, scalarLike(builder, source, 1), source.shape)
  const count = reduceSum(builder, ones, reducedAxes(context), true)
  return [div(builder, reduceSumRule(context)[0] as Value, count), null]
}

/** Splits the gradient evenly among elements that attain the maximum. */
const reduceMaxRule: VjpRule = (context) => {
  const { builder } = context
  const source = input(context, 0)
  const axes = reducedAxes(context)
  const hits = cast(
    builder,
    equal(builder, source, reduceMax(builder, source, axes, true)),
    source.type,
  )
  const share = div(builder, hits, reduceSum(builder, hits, axes, true))
  return [mul(builder, share, restoreAxes(context, context.gradient)), null]
}

const reduceLogSumExpRule: VjpRule = (context) => {
  const { builder, gradient, output } = context
  const shifted = sub(builder, input(context, 0), restoreAxes(context, output))
  return [mul(builder, exp(builder, shifted), restoreAxes(context, gradient)), null]
}

const reduceL2Rule: VjpRule = (context) => {
  const { builder, gradient, output } = context
  const direction = div(builder, input(context, 0), restoreAxes(context, output))
  return [mul(builder, direction, restoreAxes(context, gradient)), null]
}

const whereRule: VjpRule = (context) => {
  const { builder, gradient } = context
  const condition = input(context, 0)
  const zero = scalarLike(builder, gradient, 0)
  return [
    null,
    where(builder, condition, gradient, zero),
    where(builder, condition, zero, gradient),
  ]
}

/** The larger operand takes the gradient; a tie goes to the first. */
const maxRule: VjpRule = (context) => {
  const { builder, gradient } = context
  const second = greater(builder, input(context, 1), input(context, 0))
  const zero = scalarLike(builder, gradient, 0)
  return [where(builder, second, zero, gradient), where(builder, second, gradient, zero)]
}

/** Operator -> gradients of its inputs. Names are ONNX's. */
export const vjpRules: Readonly<Record<string, VjpRule>> = {
  Identity: ({ gradient }) => [gradient],
  Cast: (context) => [cast(context.builder, context.gradient, input(context, 0).type)],
  Neg: ({ builder, gradient }) => [neg(builder, gradient)],
  Abs: pointwise((builder, x) => {
    const one = scalarLike(builder, x, 1)
    const positive = greater(builder, x, scalarLike(builder, x, 0))
    return where(builder, positive, one, neg(builder, one))
  }),
  Exp: pointwise((_builder, _x, y) => y),
  Log: ({ builder, node, gradient }) => [div(builder, gradient, node.inputs[0] as Value)],
  Sqrt: ({ builder, output, gradient }) => [div(builder, scale(builder, gradient, 0.5), output)],
  Reciprocal: pointwise((builder, _x, y) => neg(builder, square(builder, y))),
  Tanh: pointwise((builder, _x, y) => oneMinus(builder, square(builder, y))),
  Sigmoid: pointwise((builder, _x, y) => mul(builder, y, oneMinus(builder, y))),
  Erf: pointwise((builder, x) =>
    scale(builder, exp(builder, neg(builder, square(builder, x))), 2 / Math.sqrt(Math.PI)),
  ),
  Relu: pointwise((builder, x) =>
    cast(builder, greater(builder, x, scalarLike(builder, x, 0)), x.type),
  ),
  Sin: pointwise((builder, x) => cos(builder, x)),
  Cos: pointwise((builder, x) => neg(builder, sin(builder, x))),
  Add: ({ gradient }) => [gradient, gradient],
  Sub: ({ builder, gradient }) => [gradient, neg(builder, gradient)],
  Mul: (context) => [
    context.wanted(0) ? mul(context.builder, context.gradient, input(context, 1)) : null,
    context.wanted(1) ? mul(context.builder, context.gradient, input(context, 0)) : null,
  ],
  Div: (context) => {
    const { builder, output, gradient } = context
    const first = div(builder, gradient, input(context, 1))
    return [first, context.wanted(1) ? neg(builder, mul(builder, first, output)) : null]
  },
  Max: maxRule,
  Where: whereRule,
  Gemm: gemmRule,
  MatMul: matmulRule,
  Reshape: (context) => [reshape(context.builder, context.gradient, input(context, 0).shape), null],
  Squeeze: (context) => [reshape(context.builder, context.gradient, input(context, 0).shape)],
  Transpose: transposeRule,
  Concat: concatRule,
  Split: splitRule,
  Expand: ({ gradient }) => [gradient, null],
  Gather: gatherRule,
  GatherElements: pickColumnsRule,
  Softmax: softmaxRule,
  LogSoftmax: logSoftmaxRule,
  ReduceSum: reduceSumRule,
  ReduceMean: reduceMeanRule,
  ReduceMax: reduceMaxRule,
  ReduceLogSumExp: reduceLogSumExpRule,
  ReduceL2: reduceL2Rule,
  LayerNormalization: (context) => layerNormVjp(context),
}

/** Sum of the gradients that reach one value by several paths. */
export function accumulate(builder: GraphBuilder, gradients: readonly Value[]): Value {
  return gradients.reduce((total, gradient) => add(builder, total, gradient))
}
