// The positions at which each neuron was strongest, kept in order while prompts are read.
import type { NeuronPart } from './neuron-part.js'

/** Moments kept of each neuron. */
export const NEURON_MOMENTS = 10

/** [neurons, NEURON_MOMENTS] each; `run` is -1 where there are fewer. */
export interface Moments {
  readonly run: Int32Array
  readonly position: Int32Array
  readonly token: Int32Array
  readonly activation: Float32Array
  readonly coefficient: Float32Array
  /** -(x_i . x_i) delta_i: what a step of size 1 changes of the pre-activation (Backward Lens, section 5) */
  readonly imprint: Float32Array
  /** The magnitude it is kept for; -1 where there are fewer. */
  readonly strength: Float32Array
}

export interface Moment {
  readonly run: number
  readonly position: number
  readonly token: number
  readonly activation: number
  readonly coefficient: number
  /** x_i . x_i */
  readonly square: number
}

export function emptyMoments(neurons: number): Moments {
  const size = neurons * NEURON_MOMENTS
  return {
    run: new Int32Array(size).fill(-1),
    position: new Int32Array(size),
    token: new Int32Array(size),
    activation: new Float32Array(size),
    coefficient: new Float32Array(size),
    imprint: new Float32Array(size),
    strength: new Float32Array(size).fill(-1),
  }
}

const names = [
  ...(['run', 'position', 'token'] as const),
  ...(['activation', 'coefficient', 'imprint', 'strength'] as const),
]

/** Keeps a moment if it is among the strongest; of equal ones the earlier stays first. */
export function addMoment(moments: Moments, neuron: number, by: number, moment: Moment): void {
  const strength = Math.abs(by)
  const [start, end] = [neuron * NEURON_MOMENTS, (neuron + 1) * NEURON_MOMENTS]
  if (strength <= (moments.strength[end - 1] as number)) return
  let place = end - 1
  while (place > start && strength > (moments.strength[place - 1] as number)) place--
  for (const name of names) moments[name].copyWithin(place + 1, place, end - 1)
  const { run, position, token, activation, coefficient, square } = moment
  moments.run[place] = run
  moments.position[place] = position
  moments.token[place] = token
  moments.activation[place] = activation
  moments.coefficient[place] = coefficient
  moments.imprint[place] = -square * coefficient
  moments.strength[place] = strength
}

export const momentParts = (by: string, moments: Moments): readonly NeuronPart[] =>
  names
    .filter((name) => name !== 'strength')
    .map((name) => ({ kind: `moments.${by}.${name}`, width: NEURON_MOMENTS, data: moments[name] }))
