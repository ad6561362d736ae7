// Observations of prompts -> the figures of the paper, by the engine's own functions.
import { buildFigure } from '../engine/figure-library.js'
import type { FigureKind, ObservedPrompt } from '../engine/figure-library.js'

export interface FiguresQuestion {
  readonly kinds: readonly string[]
  /** Each an observation as JSON, as it is stored. */
  readonly observations: readonly string[]
  readonly seed: number
}

export interface DrawnFigure {
  readonly kind: string
  /** As JSON. */
  readonly figure: string
}

export function drawFigures({ kinds, observations, seed }: FiguresQuestion): DrawnFigure[] {
  const observed = observations.map((text) => JSON.parse(text) as ObservedPrompt)
  return kinds.map((kind) => ({
    kind,
    figure: JSON.stringify(buildFigure(kind as FigureKind, observed, { seed })),
  }))
}
