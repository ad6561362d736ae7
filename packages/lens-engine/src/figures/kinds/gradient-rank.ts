// Figure 3: rank of the gradient by layer, for each length of the prompt.
import type { MatrixName } from '../../architectures/hook-points.js'
import type { FigureBody } from './figure-body.js'
import { estimateLines, normalizedLayer, type FigureOptions } from '../figure-estimates.js'
import { layersOf, readGradientRank, upTo, where } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'

/** Lines that can be told apart. */
const MOST_LENGTHS = 8

export function drawGradientRank(
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody {
  const layers = layersOf(observations)
  const lengths = usualLengths(observations)
  const lines = lengths.map((length) => ({
    name: `${length} tokens`,
    readings: upTo(layers).map((layer) =>
      where(({ promptLength }) => promptLength === length, readGradientRank('mlp.up')(layer)),
    ),
  }))
  return {
    x: { label: 'layer, from the first (0) to the last (1)', scale: 'linear', domain: [0, 1] },
    y: {
      label: 'rank of the gradient of mlp.up',
      scale: 'linear',
      domain: [0, Math.max(1, ...lengths) + 1],
    },
    form: 'lines',
    series: estimateLines(observations, lines, normalizedLayer(layers), options),
    notes: observations.length === 0 ? [] : rankNotes(observations, lengths),
  }
}

/** The lengths with the most prompts, ascending. */
function usualLengths(observations: readonly PromptObservation[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const { promptLength } of observations) {
    counts.set(promptLength, (counts.get(promptLength) ?? 0) + 1)
  }
  const byCount = [...counts].sort(([a, x], [b, y]) => y - x || a - b)
  return byCount
    .slice(0, MOST_LENGTHS)
    .map(([length]) => length)
    .sort((a, b) => a - b)
}

function rankNotes(
  observations: readonly PromptObservation[],
  lengths: readonly number[],
): readonly string[] {
  const drawn = observations.filter(({ promptLength }) => lengths.includes(promptLength)).length
  const left = observations.length - drawn
  return [
    ...(['mlp.up', 'mlp.down'] as const).map((matrix) => shareNote(observations, matrix)),
    ...(left === 0 ? [] : [`${left} prompts of rarer lengths are counted above but not drawn.`]),
  ]
}

/** How often the rank is the length of the prompt, as the paper counts. */
function shareNote(observations: readonly PromptObservation[], matrix: MatrixName): string {
  const last = layersOf(observations) - 1
  const rank = readGradientRank(matrix)
  let [equal, pairs, one] = [0, 0, 0]
  for (const observation of observations) {
    for (let layer = 0; layer < last; layer++) {
      pairs++
      if (rank(layer)(observation) === observation.promptLength) equal++
    }
    if (rank(last)(observation) === 1) one++
  }
  const share = pairs === 0 ? '' : ` (${((100 * equal) / pairs).toFixed(2)}%)`
  return `${matrix}: the rank equals the length of the prompt in ${equal} of ${pairs} pairs of prompt and layer without the last layer${share}; in the last layer it is 1 for ${one} of ${observations.length} prompts.`
}
