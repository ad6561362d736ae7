// Reads settings of a config.json and refuses, by name, what is missing, malformed or not implemented.
import { LensEngineError } from '../errors.js'
import type { Config } from './architecture.js'

/** The first of `names` that is present, as a positive integer. @throws CONFIG_INVALID */
export function positiveInteger(
  config: Config,
  names: readonly string[],
  fallback?: number,
): number {
  const name = names.find(
    (candidate) => config[candidate] !== undefined && config[candidate] !== null,
  )
  const value = name === undefined ? fallback : config[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw invalid(names.join(' or '), value, 'a positive integer')
  }
  return value
}

export function positiveNumber(config: Config, name: string, fallback: number): number {
  const value = config[name] ?? fallback
  if (typeof value !== 'number' || !(value > 0)) throw invalid(name, value, 'a positive number')
  return value
}

export function flag(config: Config, name: string, fallback: boolean): boolean {
  const value = config[name] ?? fallback
  if (typeof value !== 'boolean') throw invalid(name, value, 'true or false')
  return value
}

/** Looks `config[name]` up in a table. @throws MODEL_UNSUPPORTED listing what is known */
export function choice<T>(
  config: Config,
  name: string,
  fallback: string,
  table: Readonly<Record<string, T>>,
): T {
  const value = config[name] ?? fallback
  if (typeof value === 'string' && Object.hasOwn(table, value)) return table[value] as T
  throw unsupported(name, value, `one of ${Object.keys(table).join(', ')}`)
}

export function invalid(name: string, value: unknown, wanted: string): LensEngineError {
  return new LensEngineError(
    'CONFIG_INVALID',
    `config.json: ${name} is ${show(value)}, not ${wanted}`,
    {
      details: { setting: name, value: show(value) },
      cure: 'Use the config.json that came with the weights.',
    },
  )
}

/** The refusal of a setting that no code here implements. */
export function unsupported(name: string, value: unknown, wanted: string): LensEngineError {
  return new LensEngineError(
    'MODEL_UNSUPPORTED',
    `config.json: ${name} = ${show(value)} is not implemented (known: ${wanted})`,
    {
      details: { setting: name, value: show(value), known: wanted },
      cure: 'Choose a model without this feature; results without it would be wrong.',
    },
  )
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}
