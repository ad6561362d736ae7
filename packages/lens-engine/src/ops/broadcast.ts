// NumPy broadcasting of symbolic shapes.
import { LensEngineError } from '../errors.js'
import { formatShape, type Dimension, type Shape, type Value } from '../graph/graph.js'

/** The common shape of two operands. @throws GRAPH_INVALID printing both shapes */
export function broadcastShapes(
  op: string,
  a: Pick<Value, 'shape'>,
  b: Pick<Value, 'shape'>,
): Shape {
  const rank = Math.max(a.shape.length, b.shape.length)
  const result: Dimension[] = []
  for (let axis = 0; axis < rank; axis++) {
    const left = a.shape[axis - rank + a.shape.length] ?? 1
    const right = b.shape[axis - rank + b.shape.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) throw shapeError(op, a.shape, b.shape)
    result.push(left === 1 ? right : left)
  }
  return result
}

/** An error that begins with the operator's name and prints both shapes. */
export function shapeError(op: string, a: Shape, b: Shape): LensEngineError {
  return new LensEngineError(
    'GRAPH_INVALID',
    `[${op}] shapes ${formatShape(a)} and ${formatShape(b)} do not fit`,
    {
      details: { op, left: formatShape(a), right: formatShape(b) },
      cure: 'Check the widths of the matrix against the vectors it is applied to.',
    },
  )
}
