// Frequencies of the rotary embedding for every kind of `rope_scaling`, as the models' own configuration describes them.
import { LensEngineError } from '../../errors.js'
import type { Config } from '../architecture.js'
import { longrope } from './long-rope.js'
import {
  plainFrequencies,
  type RotaryFrequencies,
  type RotaryOptions,
  type Scaling,
} from './plain-frequencies.js'
import { positiveSetting as setting } from './rope-settings.js'

const withoutFactor = (frequencies: readonly number[]): RotaryFrequencies => ({
  frequencies,
  attentionFactor: 1,
})

const linear: Scaling = (options, scaling) => {
  const factor = setting(scaling, 'factor')
  return withoutFactor(plainFrequencies(options).map((frequency) => frequency / factor))
}

/** NTK by length: within the trained context nothing changes, beyond it the base grows with the text. */
const dynamic: Scaling = (options, scaling) => {
  const { width, contextLength } = options
  const frequencies = plainFrequencies(options)
  const exponents = frequencies.map((_, pair) => (2 * pair) / (width - 2))
  const growth = { factor: setting(scaling, 'factor'), exponents }
  return {
    frequencies,
    attentionFactor: 1,
    beyond: { positions: contextLength, frequencies, growth },
  }
}

/** Llama 3.1: long waves are stretched, short ones kept, those between blended. */
const llama3: Scaling = (options, scaling) => {
  const factor = setting(scaling, 'factor')
  const low = setting(scaling, 'low_freq_factor')
  const high = setting(scaling, 'high_freq_factor')
  const original = setting(scaling, 'original_max_position_embeddings')
  const adjust = (frequency: number): number => {
    const wavelength = (2 * Math.PI) / frequency
    if (wavelength < original / high) return frequency
    if (wavelength > original / low) return frequency / factor
    const smooth = (original / wavelength - low) / (high - low)
    return ((1 - smooth) * frequency) / factor + smooth * frequency
  }
  return withoutFactor(plainFrequencies(options).map(adjust))
}

/** The pair whose wave turns `turns` times within the original context (YaRN, App. A). */
function pairOfTurns(turns: number, { width, theta }: RotaryOptions, original: number): number {
  return (width * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
}

const yarnMagnitude = (factor: number, weight = 1): number =>
  factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1

function yarnAttentionFactor(scaling: Config, factor: number): number {
  if (typeof scaling['attention_factor'] === 'number') return scaling['attention_factor']
  const [weight, all] = [scaling['mscale'], scaling['mscale_all_dim']]
  return typeof weight === 'number' && typeof all === 'number' && weight !== 0 && all !== 0
    ? yarnMagnitude(factor, weight) / yarnMagnitude(factor, all)
    : yarnMagnitude(factor)
}

const yarn: Scaling = (options, scaling) => {
  const original = setting(scaling, 'original_max_position_embeddings', options.contextLength)
  const factor = setting(scaling, 'factor', options.contextLength / original)
  const round = scaling['truncate'] === false ? (x: number) => x : null
  const low = pairOfTurns(setting(scaling, 'beta_fast', 32), options, original)
  const high = pairOfTurns(setting(scaling, 'beta_slow', 1), options, original)
  const first = Math.max(0, round === null ? Math.floor(low) : low)
  let last = Math.min(options.width - 1, round === null ? Math.ceil(high) : high)
  if (first === last) last += 0.001
  const frequencies = plainFrequencies(options).map((frequency, pair) => {
    const ramp = Math.min(1, Math.max(0, (pair - first) / (last - first)))
    return (frequency / factor) * ramp + frequency * (1 - ramp)
  })
  return { frequencies, attentionFactor: yarnAttentionFactor(scaling, factor) }
}

/** Kinds of scaling by `rope_type`; `su` is an earlier name of `longrope`. */
const scalings: Readonly<Record<string, Scaling>> = {
  default: (options) => withoutFactor(plainFrequencies(options)),
  dynamic,
  linear,
  llama3,
  longrope,
  su: longrope,
  yarn,
}

/** @throws MODEL_UNSUPPORTED for a kind that is not in the table, CONFIG_INVALID for a malformed one */
export function rotaryFrequencies(options: RotaryOptions): RotaryFrequencies {
  const { scaling } = options
  if (scaling === null) return withoutFactor(plainFrequencies(options))
  const kind = kindOf(scaling)
  if (typeof kind === 'string' && Object.hasOwn(scalings, kind)) {
    return (scalings[kind] as Scaling)(options, scaling)
  }
  throw new LensEngineError(
    'MODEL_UNSUPPORTED',
    `config.json: rope_scaling of type ${JSON.stringify(kind)} is not implemented`,
    {
      details: { kind: String(kind), known: Object.keys(scalings).join(', ') },
      cure: 'Choose a model with another rotary scaling; results without it would be wrong.',
    },
  )
}

const kindOf = (scaling: Config): unknown => scaling['rope_type'] ?? scaling['type'] ?? 'default'

/**
 * Positions that a text may have: `dynamic` stretches `max_position_embeddings` by its factor, the other kinds already count
 * the stretch in it.
 */
export function stretchedContext(contextLength: number, scaling: Config | null): number {
  return scaling !== null && kindOf(scaling) === 'dynamic'
    ? Math.floor(contextLength * setting(scaling, 'factor'))
    : contextLength
}

/** The part of a family's shape that says from which length on a text needs a batch of its own. */
export function lengthLimit({ beyond }: RotaryFrequencies): {
  readonly sameLengthBeyond?: number
} {
  return beyond === undefined ? {} : { sameLengthBeyond: beyond.positions }
}
