// The graph that turns a batch of documents into K^T K of the keys of several layers; keys are the inputs of a matrix.
import type { MatrixName } from '../architectures/hook-points.js'
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph } from '../graph/graph.js'
import { mul } from '../ops/elementwise.js'
import { gemm } from '../ops/matrix.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { WeightSource } from '../weights/weight-source.js'

export interface MomentModel {
  readonly architecture: Architecture
  readonly config: Config
  readonly shape: ModelShape
  readonly weights: WeightSource
}

export const momentOutput = (layer: number): string => `moment.${layer}`

/**
 * Inputs of the forward pass and `real_rows` float32 [rows, 1], 1 for a token and 0 for padding; outputs
 * `moment.<layer>` [in, in]. Blocks above the highest layer are left out.
 */
export function buildMomentGraph(
  model: MomentModel,
  matrix: MatrixName,
  layers: readonly number[],
): Graph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('key_moments')
  const context = new TapRecorder({ builder, weights, edits: false })
  const realRows = builder.input('real_rows', 'float32', ['rows', 1])
  const assembly = { context, config, shape }
  let residual = architecture.embed(assembly)
  for (let layer = 0; layer <= Math.max(...layers); layer++) {
    residual = architecture.block(assembly, layer, residual)
  }
  for (const { address, input } of context.taps) {
    if (address.matrix !== matrix || !layers.includes(address.layer)) continue
    const keys = mul(builder, input, realRows)
    const moment = gemm(builder, keys, keys, null, { transposeA: true })
    builder.output(momentOutput(address.layer), moment)
  }
  return builder.build()
}
