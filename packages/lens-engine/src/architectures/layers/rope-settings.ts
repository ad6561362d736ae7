// The rotary settings of a config.json: `rope_scaling` of older files and `rope_parameters` of newer ones, read alike.
import type { Config } from '../architecture.js'
import { invalid, unsupported } from '../config-reader.js'

/** Settings that some kind of scaling reads, or that say nothing about numbers. */
const known: ReadonlySet<string> = new Set([
  'rope_type',
  'type',
  'rope_theta',
  'partial_rotary_factor',
  'factor',
  'original_max_position_embeddings',
  'attention_factor',
  'beta_fast',
  'beta_slow',
  'mscale',
  'mscale_all_dim',
  'truncate',
  'low_freq_factor',
  'high_freq_factor',
  'short_factor',
  'long_factor',
  'finetuned',
])

/** A number of the scaling. @throws CONFIG_INVALID naming it */
export function positiveSetting(scaling: Config, name: string, fallback?: number): number {
  const value = scaling[name] ?? fallback
  if (typeof value !== 'number' || !(value > 0 && value < Infinity)) {
    throw invalid(`rope_scaling.${name}`, value, 'a positive number')
  }
  return value
}

/**
 * `rope_scaling`, or the part of `rope_parameters` that describes scaling; null for none. The length a model was first
 * trained with may stand outside, as Phi-3 has it, and then counts.
 * @throws CONFIG_INVALID; MODEL_UNSUPPORTED naming a setting that no kind of scaling here reads
 */
export function readScaling(config: Config): Config | null {
  const value = config['rope_scaling'] ?? config['rope_parameters'] ?? null
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('rope_scaling', value, 'an object or null')
  }
  const scaling = value as Config
  const unknown = Object.keys(scaling).find(
    (name) => !known.has(name) && (scaling[name] ?? null) !== null,
  )
  if (unknown !== undefined)
    throw unsupported(`rope_scaling.${unknown}`, scaling[unknown], [...known].join(', '))
  const outside = config['original_max_position_embeddings'] ?? null
  return outside === null ? scaling : { ...scaling, original_max_position_embeddings: outside }
}

/** The base of the frequencies; newer files keep it inside `rope_parameters`. */
export function readTheta(config: Config, names: readonly string[], fallback = 10_000): number {
  const parameters = config['rope_parameters'] as Config | null | undefined
  const name = names.find((candidate) => config[candidate] !== undefined)
  const value = (name === undefined ? parameters?.['rope_theta'] : config[name]) ?? fallback
  if (typeof value !== 'number' || !(value > 0))
    throw invalid(names.join(' or '), value, 'a positive number')
  return value
}

/** The share of a head that is turned: among the settings, or inside `rope_parameters`. @throws CONFIG_INVALID */
export function readPartialRotary(
  config: Config,
  names: readonly string[],
  fallback: number,
): number {
  const parameters = config['rope_parameters'] as Config | null | undefined
  const name = names.find((candidate) => (config[candidate] ?? null) !== null)
  const inside = parameters?.['partial_rotary_factor']
  const value = (name === undefined ? inside : config[name]) ?? fallback
  if (typeof value === 'number' && value > 0 && value <= 1) return value
  throw invalid(names.join(' or '), value, 'a number above 0 and at most 1')
}
