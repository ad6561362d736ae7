// The loss of Backward Lens: -log p of target tokens, read at chosen rows of the residual stream.
import type { Value } from '../graph/graph.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import { mul, neg } from '../ops/elementwise.js'
import { pickColumns } from '../ops/indexing.js'
import { gatherRows } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { reshape } from '../ops/movement.js'
import { reduceSum } from '../ops/reduction.js'
import { logSoftmax } from '../ops/softmax.js'

export interface LossParts {
  /** [] sum over everything scored */
  readonly loss: Value
  /** [scored] -log p of each scored token, weighted */
  readonly losses: Value
  /** [scored, vocabulary] */
  readonly logits: Value
}

export interface LossOptions {
  /** [rows, width], before the final norm */
  readonly residual: Value
  readonly finalNorm: (rows: Value) => Value
  /** D [vocabulary, width] */
  readonly decoder: Value
  /** [vocabulary], in families whose decoder has one */
  readonly decoderBias?: Value | null
}

/** Adds inputs `loss_rows`, `loss_tokens` int64 [scored] and `loss_weights` float32 [scored]. */
export function addLoss(builder: GraphBuilder, options: LossOptions): LossParts {
  const rows = builder.input('loss_rows', 'int64', ['scored'])
  const tokens = builder.input('loss_tokens', 'int64', ['scored'])
  const weights = builder.input('loss_weights', 'float32', ['scored'])
  const scored = options.finalNorm(gatherRows(builder, options.residual, rows))
  const logits = gemm(builder, scored, options.decoder, options.decoderBias ?? null, {
    transposeB: true,
  })
  const logProbabilities = logSoftmax(builder, logits)
  const picked = pickColumns(builder, logProbabilities, reshape(builder, tokens, ['scored', 1]))
  const losses = mul(builder, neg(builder, reshape(builder, picked, ['scored'])), weights)
  return { loss: reduceSum(builder, losses, [0]), losses, logits }
}
