// Softmax over the last axis.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'

export function softmax(builder: GraphBuilder, x: Value): Value {
  return builder.single('Softmax', [x], x.type, x.shape, { axis: -1 })
}

export function logSoftmax(builder: GraphBuilder, x: Value): Value {
  return builder.single('LogSoftmax', [x], x.type, x.shape, { axis: -1 })
}
