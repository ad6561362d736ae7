// Headers of a model's weights -> the memory that a run of it takes, whole or block by block.
import type { Architecture, ModelShape } from '../architectures/architecture.js'
import {
  predictMemory,
  typicalRun,
  weightSizes,
  type MemoryNeeds,
} from '../runtime/memory-estimate.js'
import type { WeightSizesSource } from '../weights/weight-source.js'

/** How a run fits into the memory there is: at once, only with one block after the other, or not at all. */
export type MemoryFit = 'whole' | 'block by block' | 'not'

/** Bytes that one prompt of `positions` tokens takes with everything a page shows of it. */
export function predictRun(
  { buffers }: Architecture,
  shape: ModelShape,
  weights: WeightSizesSource,
  positions: number,
): MemoryNeeds {
  return predictMemory(shape, weightSizes(weights, buffers), typicalRun(positions))
}

/** @param available bytes */
export function fitInto({ frugal, streaming }: MemoryNeeds, available: number): MemoryFit {
  if (frugal.total <= available) return 'whole'
  return streaming.total <= available ? 'block by block' : 'not'
}
