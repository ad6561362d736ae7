// The model without the lens, to see what a lens costs beyond it: forward alone, and forward + backward.
import { forwardPass } from '../architectures/forward-pass.js'
import { backward } from '../autodiff/backward.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { makeBatch, lossFeeds } from '../lens/batch-feeds.js'
import type { LensRequest } from '../lens/lens-result.js'
import { addLoss } from '../lens/loss-graph.js'
import { preparePrompt } from '../lens/prepare-prompt.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'

export type Pass = 'forward' | 'forward and backward'

/** Output `losses`; with the backward pass also X and Delta of every matrix. */
function buildPassGraph(model: LoadedModel, pass: Pass): Graph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('pass')
  const context = new TapRecorder({ builder, weights, edits: false })
  const assembly = { context, config, shape }
  const decoder = architecture.decoder(assembly)
  const decoderBias = architecture.decoderBias?.(assembly) ?? null
  const residual = forwardPass(architecture, assembly).at(-1) as Value
  const finalNorm = (rows: Value): Value => architecture.finalNorm(assembly, rows)
  const { loss, losses } = addLoss(builder, { residual, finalNorm, decoder, decoderBias })
  builder.output('losses', losses)
  if (pass === 'forward and backward') {
    const outputs = context.taps.map((tap) => tap.output)
    const inputs = new Map(context.taps.map(({ input }) => [input.id, input]))
    const gradients = backward(builder, loss, outputs)
    gradients.forEach((gradient, index) => builder.output(`vjp.${index}`, gradient))
    ;[...inputs.values()].forEach((input, index) => builder.output(`input.${index}`, input))
  }
  return builder.build()
}

/** Opens a pass for one request; every call of the result runs it once. */
export async function openPass(
  model: LoadedModel,
  pass: Pass,
  request: LensRequest,
): Promise<() => Promise<void>> {
  const { session } = await model.session(`pass ${pass}`, () => buildPassGraph(model, pass))
  const feeds = lossFeeds(makeBatch([preparePrompt(model, request)]))
  return async () => {
    await session.run(feeds)
  }
}
