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

/** A mean over fewer of the prompts would be one of the easy ones alone. */
const LEAST_SHARE = 0.5

export function drawSmallestStep(
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody {
  const layers = upTo(layersOf(observations))
  const lines = methods.map((method) => ({
    name: methodNames[method],
    readings: layers.map(readStep(method)),
  }))
  const searched = observations.filter(({ smallestStep }) => smallestStep !== null)
  const asked = searched.filter(({ smallestStep }) => smallestStep?.known === false)
  const series = estimateLines(observations, lines, (layer) => layer, {
    ...options,
    averaging: 'geometric',
  }).map((line) => ({
    ...line,
    points: line.points.filter(({ n }) => n >= LEAST_SHARE * asked.length),
  }))
  return {
    x: layerAxis(observations),
    y: { label: 'smallest step', scale: 'log' },
    form: 'lines',
    prompts: searched.length,
    series: series.filter(({ points }) => points.length > 0),
    notes: searched.length === 0 ? [] : stepNotes(asked, searched.length - asked.length),
  }
}

function stepNotes(asked: readonly PromptObservation[], known: number): readonly string[] {
  return [
    'Tried are powers of the square root of 2. A step of one method is not comparable with a step of the other.',
    ...(known === 0
      ? []
      : [`Targets that are the model's answer already, ${known}, are left out.`]),
    ...methods.flatMap((method) => failureNotes(asked, method)),
  ]
}

/** Where some prompts have no successful step, their mean is of the others only. */
function failureNotes(asked: readonly PromptObservation[], method: StepMethod): readonly string[] {
  const failures = upTo(layersOf(asked)).map(
    (layer) => asked.filter((one) => readStep(method)(layer)(one) === null).length,
  )
  const total = failures.reduce((sum, count) => sum + count, 0)
  if (total === 0) return []
  const hidden = failures.flatMap((count, layer) =>
    asked.length - count < LEAST_SHARE * asked.length ? [layer] : [],
  )
  const pairs = asked.length * failures.length
  const dropped =
    hidden.length === 0 ? '' : ` Not drawn, as fewer than half succeed: ${layerList(hidden)}.`
  return [
    `${methodNames[method]}: no step succeeds in ${total} of ${pairs} pairs of prompt and layer; means are of the others.${dropped}`,
  ]
}

/** [0, 1, 2, 5] -> "layers 0-2, 5" */
function layerList(layers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const layer of layers) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === layer - 1) last[1] = layer
    else runs.push([layer, layer])
  }
  const texts = runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
  return `layer${layers.length === 1 ? '' : 's'} ${texts.join(', ')}`
}
