// The whole lens as one graph: forward, loss, backward, and everything the plan shows of the factors.
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import { forwardPass } from '../architectures/forward-pass.js'
import { backward } from '../autodiff/backward.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import type { WeightSource } from '../weights/weight-source.js'
import { makeFactorTable } from './factor-table.js'
import { contextUnder, type LensEdits } from './lens-edits.js'
import { addLensOutputs, type LensLayout } from './lens-outputs.js'
import type { LensPlan } from './lens-plan.js'
import { addLoss } from './loss-graph.js'
import { addNextTokens } from './next-outputs.js'

export interface LensModel {
  readonly architecture: Architecture
  readonly config: Config
  readonly shape: ModelShape
  readonly weights: WeightSource
}

export interface LensGraph {
  readonly graph: Graph
  readonly layout: LensLayout
}

/** Builds forward + backward + lens for a model, edited or as it is. */
export function buildLensGraph(
  model: LensModel,
  plan: LensPlan,
  under: LensEdits | null = null,
): LensGraph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('lens')
  const context = contextUnder(under, { builder, weights, edits: false })
  const assembly = { context, config, shape }
  const finalNorm = (rows: Value): Value =>
    builder.scope('final_norm', () => architecture.finalNorm(assembly, rows))
  const decoder = architecture.decoder(assembly)
  const decoderBias = architecture.decoderBias?.(assembly) ?? null
  const hiddenStates = forwardPass(architecture, assembly)
  const residual = hiddenStates.at(-1) as Value
  const parts = builder.scope('loss', () =>
    addLoss(builder, { residual, finalNorm, decoder, decoderBias }),
  )
  const taps = context.taps.filter((tap) => plan.matrices.includes(tap.address.matrix))
  const outputs = taps.map((tap) => tap.output)
  const table = makeFactorTable(taps, backward(builder, parts.loss, outputs))
  builder.output('losses', parts.losses)
  const layout = addLensOutputs(builder, {
    plan,
    table,
    hidden: plan.hiddenStates ? hiddenStates.map((value, layer) => ({ layer, value })) : [],
    rankedTargets: builder.input('ranked_targets', 'int64', ['batch']),
    answers: addNextTokens(builder, parts, plan.topK),
    decoder,
    decoderBias,
    finalNorm,
  })
  return { graph: builder.build(), layout }
}
