// The editor, the model it edits and the loss of an example in one graph, differentiated to every parameter of the editor.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import { backward } from '../../autodiff/backward.js'
import { GraphBuilder } from '../../graph/graph-builder.js'
import type { Graph, Value } from '../../graph/graph.js'
import { add } from '../../ops/elementwise.js'
import { gemm } from '../../ops/matrix.js'
import { TapRecorder, type ForwardContextOptions } from '../../runtime/forward-context.js'
import { addressKey } from '../matrix-delta.js'
import { addHead, addLayers, type PassModel } from '../shared/pass-graph.js'
import type { PassPlan } from '../shared/pass-plan.js'
import { addEditor, type EditorFactors } from './editor-graph.js'
import type { EditorLayout } from './editor-layout.js'

/** y + (x u~^T) (rate delta~) for every matrix that the editor changes, the same for all rows of a batch. */
class EditedPass extends TapRecorder {
  readonly #factors: ReadonlyMap<string, EditorFactors>

  constructor(
    options: Pick<ForwardContextOptions, 'builder' | 'weights'>,
    factors: ReadonlyMap<string, EditorFactors>,
  ) {
    super({ ...options, edits: false })
    this.#factors = factors
  }

  override tap(address: MatrixAddress, x: Value, y: Value): Value {
    const found = this.#factors.get(addressKey(address))
    if (found === undefined) return super.tap(address, x, y)
    const { builder } = this
    const read = gemm(builder, x, found.input, null, { transposeB: true })
    return super.tap(address, x, add(builder, y, gemm(builder, read, found.vjp)))
  }
}

/** What a pass through the whole model scores; `batchFeeds` makes its feeds. */
export const trainingPlan = (layers: number): PassPlan => ({
  fromLayer: 0,
  throughLayer: layers - 1,
  sites: [],
  vectorsAt: null,
  inputs: [],
  outputs: [],
  residuals: [],
  head: ['nll'],
  divergence: 'base-current',
  lossOf: 'nll',
  factors: [],
  siteGradients: [],
  vectorGradient: false,
})

/** Name of the output with the gradient of a parameter. */
export const gradientOutput = (parameter: string): string => `gradient.${parameter}`

/**
 * Inputs: those of `addEditor` and of a pass with `trainingPlan`. Outputs: `loss` (the sum over scored tokens of weight
 * times -log p, plus that over diverging places of weight times KL(pre || post); MEND, eq. 4), `nll`, `divergence`, and
 * with `gradients` one `gradient.<name>` for each parameter. u, delta and the statistics are inputs: nothing flows through
 * them, as in MEND.
 */
export function buildTrainingGraph(
  model: PassModel,
  layout: EditorLayout,
  gradients: boolean,
): Graph {
  const { config, shape, weights } = model
  const builder = new GraphBuilder('mend_training')
  const { parameters, factors } = addEditor(builder, layout)
  const context = new EditedPass({ builder, weights }, factors)
  const plan = trainingPlan(shape.layers)
  const building = { builder, assembly: { context, config, shape }, model, plan }
  // The decoder comes first, so that a tied embedding has one place in the graph.
  model.architecture.decoder(building.assembly)
  const last = addLayers(building).get(plan.throughLayer) as Value
  const loss = addHead(building, last) as Value
  builder.output('loss', loss)
  if (gradients) {
    const names = [...parameters.keys()]
    backward(builder, loss, [...parameters.values()]).forEach((gradient, index) => {
      builder.output(gradientOutput(names[index] as string), gradient)
    })
  }
  return builder.build()
}
