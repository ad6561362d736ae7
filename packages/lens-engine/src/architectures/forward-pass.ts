// The forward pass of any family: embedding, then one block after the other.
import type { Value } from '../graph/graph.js'
import type { Architecture, Assembly } from './architecture.js'

/** The residual stream after each block, [rows, width]; the last is the input of the final norm. */
export function forwardPass(architecture: Architecture, assembly: Assembly): readonly Value[] {
  const { builder } = assembly.context
  const hiddenStates: Value[] = []
  let residual = architecture.embed(assembly)
  for (let layer = 0; layer < assembly.shape.layers; layer++) {
    const input = residual
    residual = builder.scope(`layer${layer}`, () => architecture.block(assembly, layer, input))
    hiddenStates.push(residual)
  }
  return hiddenStates
}
