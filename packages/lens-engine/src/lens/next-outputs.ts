// The model's own next token of each prompt, read from the logits of the loss.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { cast } from '../ops/elementwise.js'
import { argMax, gatherRows, pickColumns, topK } from '../ops/indexing.js'
import { softmax } from '../ops/softmax.js'
import type { LossParts } from './loss-graph.js'

/** The model's own next token: outputs `next.*` [batch, k]; answers its argmax, int64 [batch]. */
export function addNextTokens(builder: GraphBuilder, parts: LossParts, k: number): Value {
  return builder.scope('next', () => {
    const answerIndex = builder.input('answer_index', 'int64', ['batch'])
    const logits = gatherRows(builder, parts.logits, answerIndex)
    const { values, indices } = topK(builder, logits, k, true)
    builder.output('next.ids', cast(builder, indices, 'int32'))
    builder.output('next.logits', values)
    builder.output('next.probabilities', pickColumns(builder, softmax(builder, logits), indices))
    return argMax(builder, logits)
  })
}
