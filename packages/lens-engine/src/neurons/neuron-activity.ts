// Factors of prompts, one after the other -> what each neuron of a layer did in them. Plain arrays, so that a survey can be
// kept between two prompts, by another process too.
import {
  HISTOGRAM_BINS,
  countValue,
  emptyHistograms,
  type Histograms,
} from './activation-histogram.js'
import { addMoment, emptyMoments, momentParts, type Moments } from './neuron-moments.js'
import type { NeuronPart } from './neuron-part.js'

export interface NeuronActivity {
  readonly neurons: number
  /** Prompts and positions that it is of. */
  readonly runs: number
  readonly tokens: number
  readonly sum: Float64Array
  /** Of the largest magnitude, with its sign. */
  readonly maxActivation: Float32Array
  readonly maxCoefficient: Float32Array
  readonly histograms: Histograms
  readonly byActivation: Moments
  readonly byCoefficient: Moments
}

export const emptyActivity = (neurons: number): NeuronActivity => ({
  ...{ neurons, runs: 0, tokens: 0 },
  sum: new Float64Array(neurons),
  maxActivation: new Float32Array(neurons),
  maxCoefficient: new Float32Array(neurons),
  histograms: emptyHistograms(neurons),
  byActivation: emptyMoments(neurons),
  byCoefficient: emptyMoments(neurons),
})

/** What one prompt showed of a layer. */
export interface PromptActivity {
  /** Place of the run among those of the survey. */
  readonly run: number
  readonly tokens: readonly number[]
  /** What enters `mlp.down` [positions, neurons]: of a gated MLP gate times up. */
  readonly activations: Float32Array
  /** delta_i, the gradient at the output of `mlp.up` [positions, neurons] */
  readonly coefficients: Float32Array
  /** x_i . x_i of what enters `mlp.up` [positions] */
  readonly inputSquares: Float64Array
}

/** Adds a prompt. The arrays of `activity` are written to. */
export function addPrompt(activity: NeuronActivity, prompt: PromptActivity): NeuronActivity {
  const { neurons, sum, maxActivation, maxCoefficient, histograms } = activity
  const { run, tokens, activations, coefficients, inputSquares } = prompt
  tokens.forEach((token, position) => {
    const square = inputSquares[position] as number
    for (let neuron = 0; neuron < neurons; neuron++) {
      const place = position * neurons + neuron
      const activation = activations[place] as number
      const coefficient = coefficients[place] as number
      sum[neuron] = (sum[neuron] as number) + activation
      keepLargest(maxActivation, neuron, activation)
      keepLargest(maxCoefficient, neuron, coefficient)
      countValue(histograms, neuron, activation)
      const moment = { run, position, token, activation, coefficient, square }
      addMoment(activity.byActivation, neuron, activation, moment)
      addMoment(activity.byCoefficient, neuron, coefficient, moment)
    }
  })
  return { ...activity, runs: activity.runs + 1, tokens: activity.tokens + tokens.length }
}

function keepLargest(largest: Float32Array, neuron: number, value: number): void {
  if (Math.abs(value) > Math.abs(largest[neuron] as number)) largest[neuron] = value
}

/** What lists show of each neuron, and what only its own page shows. */
export interface ActivitySummary {
  readonly maxActivation: Float32Array
  readonly meanActivation: Float64Array
  readonly maxCoefficient: Float32Array
  /** [neurons, HISTOGRAM_BINS] counts */
  readonly histogram: Uint32Array
  readonly histogramStart: Float64Array
  readonly binWidth: Float64Array
  /** `moments.activation.*` and `moments.coefficient.*` */
  readonly parts: readonly NeuronPart[]
}

/** @param activity of one prompt at least */
export function summarizeActivity(activity: NeuronActivity): ActivitySummary {
  const { sum, tokens, maxActivation, maxCoefficient, histograms } = activity
  const binWidth = Float64Array.from(histograms.exponent, (exponent) => 2 ** exponent)
  return {
    ...{ maxActivation, maxCoefficient, binWidth },
    meanActivation: sum.map((one) => one / tokens),
    histogram: histograms.counts,
    histogramStart: histograms.low.map((low, neuron) => low * (binWidth[neuron] as number)),
    parts: [
      ...momentParts('activation', activity.byActivation),
      ...momentParts('coefficient', activity.byCoefficient),
    ],
  }
}

export { HISTOGRAM_BINS }
