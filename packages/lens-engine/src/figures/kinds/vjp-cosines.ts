// Figure 23: cosine of the last token's VJPs of `mlp.down` between layers.
import type { FigureBody } from './figure-body.js'
import type { FigureCell } from '../figure-data.js'
import { estimateReadings, type FigureOptions } from '../figure-estimates.js'
import { layersOf, readCosine, upTo } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'
import { layerAxis } from './by-segment.js'

/** Layers apart of the neighbours that the paper names. */
const SPAN = 10

export function drawVjpCosine(
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody {
  const layers = layersOf(observations)
  const pairs = upTo(layers).flatMap((first) =>
    upTo(layers)
      .slice(first + 1)
      .map((second) => ({ first, second })),
  )
  const estimates = estimateReadings(
    observations,
    pairs.map(({ first, second }) => readCosine(first, second)),
    options,
  )
  const n = observations.length
  const diagonal = upTo(layers).map((layer) => ({
    x: layer,
    y: layer,
    mean: 1,
    low: 1,
    high: 1,
    n,
  }))
  const cells = pairs.flatMap(({ first, second }, index): readonly FigureCell[] => {
    const estimate = estimates[index]
    if (estimate === null || estimate === undefined) return []
    return [
      { x: second, y: first, ...estimate },
      { x: first, y: second, ...estimate },
    ]
  })
  return {
    x: layerAxis(observations),
    y: layerAxis(observations),
    color: { label: 'mean cosine', scale: 'linear', domain: [-1, 1] },
    form: 'heatmap',
    series: [],
    cells: [...diagonal, ...cells].sort((a, b) => a.y - b.y || a.x - b.x),
    notes: cosineNotes(cells, layers),
  }
}

/** The two numbers that the paper gives, of this model. */
function cosineNotes(cells: readonly FigureCell[], layers: number): readonly string[] {
  const show = (value: number): string => value.toFixed(2)
  const ends = cells.find(({ x, y }) => y === 0 && x === layers - 1)
  const span = Math.min(SPAN, layers - 2)
  const apart = cells.filter(({ x, y }) => x - y === span).map(({ mean }) => mean)
  return [
    ...(ends === undefined
      ? []
      : [
          `Between the first and the last layer: ${show(ends.mean)} (${show(ends.low)} to ${show(ends.high)}).`,
        ]),
    ...(apart.length === 0 || span < 1
      ? []
      : [
          `Between layers ${span} apart: ${show(Math.min(...apart))} to ${show(Math.max(...apart))}.`,
        ]),
  ]
}
