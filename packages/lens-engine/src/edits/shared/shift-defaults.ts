// Where a forward-pass shift is made in a model that it was not tuned for.
import type { LoadedModel } from '../../runtime/load-model.js'

/** The published layer, as a share of the depth. */
const PUBLISHED_DEPTH = 35 / 48

export function shiftDefaults({ shape }: Pick<LoadedModel, 'shape'>) {
  const layer = Math.min(shape.layers - 1, Math.round(PUBLISHED_DEPTH * shape.layers))
  return {
    values: { layer, learningRate: 0.24, targetTokens: 'first', skipWhenKnown: true },
    source: `layer ${layer} stands at the depth of layer 35 in GPT2-xl; learning rate as published; untested`,
  }
}
