// The layers MEMIT changes in GPT2-xl, carried over to models of another depth.
import type { ModelShape } from '../../architectures/architecture.js'

/** Layers at the depths of 13 to 17 of 48, ascending. */
export function derivedLayers({ layers }: ModelShape): readonly number[] {
  const first = Math.round((13 / 48) * layers)
  const last = Math.max(first, Math.round((17 / 48) * layers))
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
