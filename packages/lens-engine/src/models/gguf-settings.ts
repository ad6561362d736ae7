// Settings of a GGUF file, read by name; those that nobody asked for are refused, because results without them may be wrong.
import { LensEngineError } from '../errors.js'
import type { GgufMetadata, GgufValue } from '../weights/gguf-metadata.js'

/** Settings under one prefix, such as `llama.`. */
export interface GgufSettings {
  readonly architecture: string
  /** A whole number. @throws CONFIG_INVALID */
  integer(name: string): number
  /** A number, or undefined. float32 numbers come as the shortest decimal that means the same float32. */
  number(name: string): number | undefined
  text(name: string): string | undefined
  /** Marks a setting as one that changes nothing here. */
  ignore(...names: readonly string[]): void
  /** @throws MODEL_UNSUPPORTED naming the first setting that was not asked for */
  refuseOthers(): void
}

/** @throws CONFIG_INVALID when `general.architecture` is missing */
export function ggufSettings(metadata: GgufMetadata): GgufSettings {
  const architecture = metadata.get('general.architecture')
  if (typeof architecture !== 'string') throw invalid('general.architecture', architecture, 'text')
  const prefix = `${architecture}.`
  const asked = new Set<string>()
  const value = (name: string): GgufValue | undefined => {
    asked.add(prefix + name)
    return metadata.get(prefix + name)
  }
  const number = (name: string): number | undefined => {
    const found = value(name)
    if (found === undefined) return undefined
    const plain = typeof found === 'bigint' ? Number(found) : found
    if (typeof plain === 'number' && Number.isFinite(plain)) return shortest(plain)
    throw invalid(prefix + name, found, 'a number')
  }
  return {
    architecture,
    number,
    integer(name) {
      const found = number(name)
      if (found !== undefined && Number.isSafeInteger(found) && found > 0) return found
      throw invalid(prefix + name, found, 'a positive integer')
    },
    text(name) {
      const found = value(name)
      if (found === undefined || typeof found === 'string') return found
      throw invalid(prefix + name, found, 'text')
    },
    ignore: (...names) => names.forEach((name) => asked.add(prefix + name)),
    refuseOthers() {
      const other = [...metadata.keys()].find((key) => key.startsWith(prefix) && !asked.has(key))
      if (other !== undefined) throw ggufUnsupported(other, metadata.get(other))
    },
  }
}

/** 1e-5 is stored as the float32 0.000009999999747; the model's own configuration says 1e-5. */
function shortest(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits))
    if (Math.fround(candidate) === value) return candidate
  }
  return value
}

/** The refusal of a setting or tensor that this version does not implement. */
export function ggufUnsupported(setting: string, value: unknown): LensEngineError {
  return new LensEngineError(
    'MODEL_UNSUPPORTED',
    `the GGUF file has ${setting} = ${show(value)}, which is not implemented`,
    {
      details: { setting, value: show(value) },
      cure: 'Choose a model without this feature; results without it would be wrong.',
    },
  )
}

function invalid(setting: string, value: unknown, wanted: string): LensEngineError {
  return new LensEngineError(
    'CONFIG_INVALID',
    `the GGUF file has ${setting} = ${show(value)}, not ${wanted}`,
    {
      details: { setting, value: show(value) },
      cure: 'Get the GGUF file from its publisher again.',
    },
  )
}

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  return typeof value === 'object' ? 'a list' : String(value).slice(0, 60)
}
