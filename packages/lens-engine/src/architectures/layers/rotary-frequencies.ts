// Frequencies of the rotary embedding for every kind of `rope_scaling`, as the models' own configuration describes them.
import { LensEngineError } from '../../errors.js'
import type { Config } from '../architecture.js'
import { invalid } from '../config-reader.js'

export interface RotaryFrequencies {
  /** Radians per position, one for each pair of coordinates. */
  readonly frequencies: readonly number[]
  /** Factor on cos and sin (YaRN's and LongRoPE's attention factor); 1 for the others. */
  readonly attentionFactor: number
}

export interface RotaryOptions {
  /** Coordinates of a head that are turned; even. */
  readonly width: number
  readonly theta: number
  readonly contextLength: number
  /** `rope_scaling`, or `rope_parameters` of newer files; null for none. */
  readonly scaling: Config | null
}

type Scaling = (options: RotaryOptions, scaling: Config) => RotaryFrequencies

const plain = ({ width, theta }: RotaryOptions): readonly number[] =>
  Array.from({ length: width / 2 }, (_, i) => theta ** ((-2 * i) / width))

/** A number of the scaling. @throws CONFIG_INVALID naming it */
function setting(scaling: Config, name: string, fallback?: number): number {
  const value = scaling[name] ?? fallback
  if (typeof value !== 'number' || !(value > 0)) {
    throw invalid(`rope_scaling.${name}`, value, 'a positive number')
  }
  return value
}

const withoutFactor = (frequencies: readonly number[]): RotaryFrequencies => ({
  frequencies,
  attentionFactor: 1,
})

const linear: Scaling = (options, scaling) => {
  const factor = setting(scaling, 'factor')
  return withoutFactor(plain(options).map((frequency) => frequency / factor))
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
  return withoutFactor(plain(options).map(adjust))
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
  const frequencies = plain(options).map((frequency, pair) => {
    const ramp = Math.min(1, Math.max(0, (pair - first) / (last - first)))
    return (frequency / factor) * ramp + frequency * (1 - ramp)
  })
  return { frequencies, attentionFactor: yarnAttentionFactor(scaling, factor) }
}

/** Kinds of scaling by `rope_type`. Within the trained context, which is all we read, `dynamic` changes nothing. */
const scalings: Readonly<Record<string, Scaling>> = {
  default: (options) => withoutFactor(plain(options)),
  dynamic: (options) => withoutFactor(plain(options)),
  linear,
  llama3,
  yarn,
}

/** @throws MODEL_UNSUPPORTED for a kind that is not in the table, CONFIG_INVALID for a malformed one */
export function rotaryFrequencies(options: RotaryOptions): RotaryFrequencies {
  const { scaling } = options
  if (scaling === null) return withoutFactor(plain(options))
  const kind = scaling['rope_type'] ?? scaling['type'] ?? 'default'
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

/** `rope_scaling`, or the part of `rope_parameters` that describes scaling; null for none. */
export function readScaling(config: Config): Config | null {
  const value = config['rope_scaling'] ?? config['rope_parameters'] ?? null
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('rope_scaling', value, 'an object or null')
  }
  return value as Config
}

/** The base of the frequencies; newer files keep it inside `rope_parameters`. */
export function readTheta(config: Config, names: readonly string[], fallback = 10_000): number {
  const parameters = config['rope_parameters'] as Config | undefined
  const name = names.find((candidate) => config[candidate] !== undefined)
  const value = (name === undefined ? parameters?.['rope_theta'] : config[name]) ?? fallback
  if (typeof value !== 'number' || !(value > 0))
    throw invalid(names.join(' or '), value, 'a positive number')
  return value
}
