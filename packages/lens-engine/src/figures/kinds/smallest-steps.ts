// Figure 26: the smallest step that makes the model say the target, by layer and method.
import type { FigureBody } from './figure-body.js'
import { estimateLines, type FigureOptions } from '../figure-estimates.js'
import { layersOf, readStep, upTo } from '../observation-readings.js'
import type { PromptObservation, StepMethod } from '../prompt-observation.js'
import { layerAxis } from './by-segment.js'

const methodNames: Readonly<Record<StepMethod, string>> = {
  'forward-shift': 'forward shift',
  sgd: 'one step of gradient descent',
}

const methods = Object.keys(methodNames) as StepMethod[]

export function drawSmallestStep(
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody {
  const layers = upTo(layersOf(observations))
  const lines = methods.map((method) => ({
    name: methodNames[method],
    readings: layers.map(readStep(method)),
  }))
  return {
    x: layerAxis(observations),
    y: { label: 'smallest step', scale: 'log' },
    form: 'lines',
    series: estimateLines(observations, lines, (layer) => layer, {
      ...options,
      averaging: 'geometric',
    }),
    notes: stepNotes(observations),
  }
}

function stepNotes(observations: readonly PromptObservation[]): readonly string[] {
  const searched = observations.filter(({ smallestStep }) => smallestStep !== null)
  if (searched.length === 0) return []
  const asked = searched.filter(({ smallestStep }) => smallestStep?.known === false)
  const known = searched.length - asked.length
  return [
    `Searched for ${searched.length} prompts on a grid of powers of the square root of 2; a step of one method is not comparable with a step of the other.`,
    ...(known === 0 ? [] : [`${known} targets are the model's answer already and are left out.`]),
    ...methods.flatMap((method) => failureNote(asked, method)),
  ]
}

/** Layers where some prompts have no successful step: their mean is of the others only. */
function failureNote(asked: readonly PromptObservation[], method: StepMethod): readonly string[] {
  const failing = upTo(layersOf(asked)).flatMap((layer) => {
    const failed = asked.filter((one) => readStep(method)(layer)(one) === null).length
    return failed === 0 ? [] : [`${layer} (${failed})`]
  })
  return failing.length === 0
    ? []
    : [
        `${methodNames[method]}: no step of the grid succeeds in these layers for so many of ${asked.length} prompts: ${failing.join(', ')}. The means are of the others.`,
      ]
}
