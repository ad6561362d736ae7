// Operators that act element by element; two operands broadcast as NumPy's do.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { ElementType, Value } from '../graph/graph.js'
import { broadcastShapes } from './broadcast.js'

type Unary = (builder: GraphBuilder, x: Value) => Value
type Binary = (builder: GraphBuilder, a: Value, b: Value) => Value

const unary =
  (op: string): Unary =>
  (builder, x) =>
    builder.single(op, [x], x.type, x.shape)

const binary =
  (op: string, type?: ElementType): Binary =>
  (builder, a, b) =>
    builder.single(op, [a, b], type ?? a.type, broadcastShapes(op, a, b))

export const neg = unary('Neg')
export const abs = unary('Abs')
export const exp = unary('Exp')
export const log = unary('Log')
export const sqrt = unary('Sqrt')
export const reciprocal = unary('Reciprocal')
export const tanh = unary('Tanh')
export const sigmoid = unary('Sigmoid')
export const erf = unary('Erf')
export const relu = unary('Relu')
export const sin = unary('Sin')
export const cos = unary('Cos')

export const add = binary('Add')
export const sub = binary('Sub')
export const mul = binary('Mul')
export const div = binary('Div')
export const max = binary('Max')
export const greater = binary('Greater', 'bool')
export const lessOrEqual = binary('LessOrEqual', 'bool')
export const equal = binary('Equal', 'bool')

/** Elements of `a` where `condition` holds, else of `b`. */
export function where(builder: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  const shape = broadcastShapes('Where', condition, { ...a, shape: broadcastShapes('Where', a, b) })
  return builder.single('Where', [condition, a, b], a.type, shape)
}

/** `x` in another element type; no node when it already has it. */
export function cast(builder: GraphBuilder, x: Value, type: ElementType): Value {
  return x.type === type ? x : builder.single('Cast', [x], type, x.shape, { to: onnxType[type] })
}

const onnxType: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
}

/** A constant of the element type of `like`. */
export function scalarLike(builder: GraphBuilder, like: Value, number: number): Value {
  return builder.scalar(like.type === 'float64' ? 'float64' : 'float32', number)
}

/** x * factor for a number known when the graph is built. */
export function scale(builder: GraphBuilder, x: Value, factor: number): Value {
  return factor === 1 ? x : mul(builder, x, scalarLike(builder, x, factor))
}
