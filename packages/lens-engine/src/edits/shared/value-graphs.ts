// The two graphs of an optimisation of v*: one reads all texts once, the other measures the loss from the lookups on, with
// what stands before them remembered.
import { backward } from '../../autodiff/backward.js'
import { GraphBuilder } from '../../graph/graph-builder.js'
import type { Graph, Value } from '../../graph/graph.js'
import { add } from '../../ops/elementwise.js'
import { gatherRows } from '../../ops/indexing.js'
import { gemm } from '../../ops/matrix.js'
import { addHead, addLayers, type PassModel } from './pass-graph.js'
import type { DeltaSite, HeadOutput, PassPlan } from './pass-plan.js'
import { PackedContext } from './packed-context.js'

interface GraphOptions {
  /** The layer whose output the vector is added to. */
  readonly layer: number
  readonly sites: readonly DeltaSite[]
}

const planOf = (model: PassModel, { sites }: GraphOptions, head: readonly HeadOutput[]) => {
  const plan: PassPlan = {
    fromLayer: 0,
    throughLayer: model.shape.layers - 1,
    sites,
    vectorsAt: null,
    inputs: [],
    outputs: [],
    residuals: [],
    head,
    divergence: null,
    lossOf: 'nll',
    factors: [],
    siteGradients: [],
    vectorGradient: false,
  }
  return plan
}

/**
 * Inputs of a packed pass, `capture_rows` int64 [captured] and `score_rows` int64 [places]; outputs `before` [captured,
 * width], the residual stream after the layer, `log_probabilities` [places, vocabulary] and `present.*`.
 */
export function buildReadingGraph(model: PassModel, options: GraphOptions): Graph {
  const { builder, assembly } = begin(model, options, 'write')
  const plan = planOf(model, options, ['log-probabilities'])
  const building = { builder, assembly, model, plan }
  model.architecture.decoder(assembly)
  const residuals = addLayers(building)
  const rows = builder.input('capture_rows', 'int64', ['captured'])
  const before = residuals.get(options.layer) as Value
  builder.output('before', gatherRows(builder, before, rows))
  addHead(building, residuals.get(plan.throughLayer) as Value)
  return builder.build()
}

/**
 * Inputs of a packed pass that reads memory, `before` [rows, width], `vectors` [1, width], `vector_mask` [rows, 1], and
 * those of `addHead` with a divergence; outputs `nll`, `divergence`, `loss` and `gradient` [1, width].
 */
export function buildMeasuringGraph(model: PassModel, options: GraphOptions): Graph {
  const { builder, assembly } = begin(model, options, 'read')
  const { width, layers } = model.shape
  const plan: PassPlan = {
    ...planOf(model, options, ['nll']),
    divergence: 'current-base',
    vectorGradient: true,
  }
  const building = { builder, assembly, model, plan }
  const before = builder.input('before', 'float32', ['rows', width])
  const vectors = builder.input('vectors', 'float32', [1, width])
  const mask = builder.input('vector_mask', 'float32', ['rows', 1])
  let residual = add(builder, before, gemm(builder, mask, vectors))
  for (let layer = options.layer + 1; layer < layers; layer++) {
    const input = residual
    residual = builder.scope(`layer${layer}`, () =>
      model.architecture.block(assembly, layer, input),
    )
  }
  const loss = addHead(building, residual) as Value
  builder.output('loss', loss)
  const [gradient] = backward(builder, loss, [vectors])
  builder.output('gradient', gradient as Value)
  return builder.build()
}

function begin(model: PassModel, { sites, layer }: GraphOptions, memory: 'write' | 'read') {
  const { config, shape, weights } = model
  const builder = new GraphBuilder(`edit_value_${memory}`)
  const site = { sites, vectorsAt: null }
  const context = new PackedContext({ builder, weights, ...site, memory, above: layer })
  return { builder, assembly: { context, config, shape } }
}
