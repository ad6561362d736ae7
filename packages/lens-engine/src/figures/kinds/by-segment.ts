// Figures 5 and 6: a number of the VJP of `mlp.down` by layer, one line for each part of the prompt.
import type { FigureBody } from './figure-body.js'
import type { FigureAxis } from '../figure-data.js'
import { estimateLines, type FigureOptions } from '../figure-estimates.js'
import { layersOf, readTable, segmentsOf, upTo } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'
import { segmentNames } from '../prompt-segments.js'
import { targetNotes } from './target-notes.js'

/** From the first layer to the last. */
export const layerAxis = (observations: readonly PromptObservation[]): FigureAxis => ({
  label: 'layer',
  scale: 'linear',
  domain: [0, Math.max(1, layersOf(observations) - 1)],
})

/** Mean rank of a token: 0 is the most probable one. */
export const rankAxis = (
  label: string,
  observations: readonly PromptObservation[],
): FigureAxis => ({
  label,
  scale: 'linear',
  domain: [0, Math.max(1, (observations[0]?.vocabularySize ?? 2) - 1)],
})

export const drawNormsBySegment = (
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody =>
  bySegment(observations, options, 'vjpNorm', {
    label: 'mean norm of delta_i of mlp.down',
    scale: 'linear',
  })

export const drawTargetRankBySegment = (
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody =>
  bySegment(
    observations,
    options,
    'targetRank',
    rankAxis('mean rank of the target (0: most probable)', observations),
  )

function bySegment(
  observations: readonly PromptObservation[],
  options: FigureOptions,
  table: 'vjpNorm' | 'targetRank',
  y: FigureAxis,
): FigureBody {
  const lines = segmentsOf(observations).map((segment) => ({
    name: segmentNames[segment],
    readings: upTo(layersOf(observations)).map(readTable('mlp.down', table, segment)),
  }))
  return {
    x: layerAxis(observations),
    y,
    form: 'lines',
    series: estimateLines(observations, lines, (layer) => layer, options),
    notes: targetNotes(observations),
  }
}
