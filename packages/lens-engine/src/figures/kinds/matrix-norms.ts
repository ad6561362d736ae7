// Figures 16 and 17: norms of every matrix's VJPs, or of its inputs, by part of the prompt and layer.
import type { MatrixName } from '../../architectures/hook-points.js'
import type { FigureBody } from './figure-body.js'
import type { FigureCell } from '../figure-data.js'
import { estimateReadings, type FigureOptions, type Reading } from '../figure-estimates.js'
import { layersOf, matricesOf, readTable, segmentsOf, upTo } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'
import { segmentNames } from '../prompt-segments.js'
import { layerAxis } from './by-segment.js'

interface NormRow {
  readonly name: string
  readonly readings: readonly Reading[]
}

export const drawSubmoduleNorms = (
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody => {
  const named = matricesOf(observations).map((matrix) => [matrix, matrix] as const)
  return drawNorms(observations, options, 'vjpNorm', named)
}

/** Query, key and value read one vector, and so do gate and up. */
export const drawInputNorms = (
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody => {
  const matrices = matricesOf(observations)
  const sharing: Partial<Record<MatrixName, string>> = {
    'attention.query': 'attention.query, key, value',
    'attention.output': 'attention.output',
    'mlp.up': matrices.includes('mlp.gate') ? 'mlp.gate, up' : 'mlp.up',
    'mlp.down': 'mlp.down',
  }
  const named = matrices.flatMap((matrix): readonly (readonly [MatrixName, string])[] => {
    const name = sharing[matrix]
    return name === undefined ? [] : [[matrix, name]]
  })
  return drawNorms(observations, options, 'inputNorm', named)
}

function drawNorms(
  observations: readonly PromptObservation[],
  options: FigureOptions,
  table: 'inputNorm' | 'vjpNorm',
  matrices: readonly (readonly [MatrixName, string])[],
): FigureBody {
  const layers = upTo(layersOf(observations))
  const rows = matrices.flatMap(([matrix, name]) =>
    segmentsOf(observations).map((segment): NormRow => ({
      name: `${name} · ${segmentNames[segment]}`,
      readings: layers.map(readTable(matrix, table, segment)),
    })),
  )
  const symbol = table === 'vjpNorm' ? 'delta_i' : 'x_i'
  return {
    x: layerAxis(observations),
    y: {
      label: 'matrix and part of the prompt',
      scale: 'linear',
      names: rows.map(({ name }) => name),
    },
    color: { label: `mean norm of ${symbol}`, scale: 'log' },
    form: 'heatmap',
    series: [],
    cells: cellsOf(observations, rows, options),
    notes: [],
  }
}

function cellsOf(
  observations: readonly PromptObservation[],
  rows: readonly NormRow[],
  options: FigureOptions,
): readonly FigureCell[] {
  const places = rows.flatMap(({ readings }, y) =>
    readings.map((reading, x) => ({ x, y, reading })),
  )
  const estimates = estimateReadings(
    observations,
    places.map(({ reading }) => reading),
    options,
  )
  return places.flatMap(({ x, y }, index): readonly FigureCell[] => {
    const estimate = estimates[index]
    return estimate === null || estimate === undefined ? [] : [{ x, y, ...estimate }]
  })
}
