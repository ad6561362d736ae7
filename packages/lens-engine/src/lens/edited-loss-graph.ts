// Forward pass and losses with low-rank edits of any matrix as inputs, for each element of the batch.
import { forwardPass } from '../architectures/forward-pass.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { contextUnder, type LensEdits } from './lens-edits.js'
import type { LensModel } from './lens-graph.js'
import { addLoss } from './loss-graph.js'

/** Inputs `layers.<l>.<matrix>.U` [batch, in, rank] and `.V` [batch, rank, out] besides those of the loss; output `losses`. */
export function buildEditedLossGraph(
  { architecture, config, shape, weights }: LensModel,
  under: LensEdits | null = null,
): Graph {
  const builder = new GraphBuilder('edited_loss')
  const context = contextUnder(under, { builder, weights, edits: true })
  const assembly = { context, config, shape }
  const decoder = architecture.decoder(assembly)
  const decoderBias = architecture.decoderBias?.(assembly) ?? null
  const hiddenStates = forwardPass(architecture, assembly)
  const { losses } = builder.scope('loss', () =>
    addLoss(builder, {
      residual: hiddenStates.at(-1) as Value,
      finalNorm: (rows) => architecture.finalNorm(assembly, rows),
      decoder,
      decoderBias,
    }),
  )
  builder.output('losses', losses)
  return builder.build()
}
