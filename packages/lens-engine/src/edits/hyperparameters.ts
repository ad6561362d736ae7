// Hyperparameters: what each may be, and the check that names the one that is wrong.
import type { ModelShape } from '../architectures/architecture.js'
import { matrixNames, type MatrixName } from '../architectures/hook-points.js'
import { LensEngineError } from '../errors.js'

export type HyperparameterValue =
  number | boolean | string | readonly number[] | readonly string[] | null
export type HyperparameterValues = Readonly<Record<string, HyperparameterValue>>

interface SpecText {
  readonly name: string
  readonly title: string
  /** What it does, in one or two sentences. */
  readonly explanation: string
  /** What papers and their code use. */
  readonly literature: string
  /** "nats", "learning rate" and so on; empty for plain numbers. */
  readonly unit: string
}

interface NumberKind {
  readonly kind: 'number' | 'integer'
  readonly default: number | null
  readonly min: number
  readonly max: number
  /** Whether null ("none") is allowed. */
  readonly optional?: boolean
}

interface LayerKind {
  /** One layer, or several in ascending order. */
  readonly kind: 'layer' | 'layers'
  /** null: the model decides (`deriveDefaults`). */
  readonly default: null
}

interface MatricesKind {
  readonly kind: 'matrices'
  readonly default: readonly MatrixName[] | null
}

interface ChoiceKind {
  readonly kind: 'choice'
  readonly default: string
  readonly choices: Readonly<Record<string, string>>
}

interface BooleanKind {
  readonly kind: 'boolean'
  readonly default: boolean
}

export type HyperparameterSpec = SpecText &
  (NumberKind | LayerKind | MatricesKind | ChoiceKind | BooleanKind)

/** A check answers what the value should have been, or null. */
type Check = (value: unknown, spec: HyperparameterSpec, shape: ModelShape) => string | null

const isLayer = (value: unknown, layers: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < layers

const checks: Readonly<Record<HyperparameterSpec['kind'], Check>> = {
  number: checkNumber,
  integer: (value, spec) =>
    value === null || Number.isInteger(value) ? checkNumber(value, spec) : 'a whole number',
  layer: (value, _spec, { layers }) =>
    isLayer(value, layers) ? null : `a layer from 0 to ${layers - 1}`,
  layers: (value, _spec, { layers }) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one, index) => isLayer(one, layers) && (index === 0 || one > value[index - 1]))
      ? null
      : `layers from 0 to ${layers - 1} in ascending order`,
  matrices: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => matrixNames.includes(one as MatrixName))
      ? null
      : `a list of matrices among ${matrixNames.join(', ')}`,
  choice: (value, spec) => {
    const { choices } = spec as ChoiceKind
    return typeof value === 'string' && Object.hasOwn(choices, value)
      ? null
      : `one of ${Object.keys(choices).join(', ')}`
  },
  boolean: (value) => (typeof value === 'boolean' ? null : 'true or false'),
}

function checkNumber(value: unknown, spec: HyperparameterSpec): string | null {
  const { min, max, optional } = spec as NumberKind
  if (value === null && optional === true) return null
  const inside = typeof value === 'number' && value >= min && value <= max
  return inside ? null : `a number from ${min} to ${max}${optional === true ? ', or null' : ''}`
}

/**
 * The defaults with what was given in their place.
 * @throws BAD_ARGUMENT naming the hyperparameter that is unknown or out of range
 */
export function completeHyperparameters(
  specs: readonly HyperparameterSpec[],
  defaults: HyperparameterValues,
  given: HyperparameterValues,
  shape: ModelShape,
): HyperparameterValues {
  const known = specs.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new LensEngineError('BAD_ARGUMENT', `there is no hyperparameter "${unknown}"`, {
      details: { hyperparameter: unknown, known: known.join(', ') },
      cure: known.length === 0 ? 'This method has none.' : `Use: ${known.join(', ')}.`,
    })
  }
  return Object.fromEntries(
    specs.map((spec) => {
      const value = given[spec.name] ?? pickDefault(spec, defaults, given)
      const wanted = checks[spec.kind](value, spec, shape)
      if (wanted !== null) throw wrongValue(spec.name, value, wanted)
      return [spec.name, value]
    }),
  )
}

/** null that is given means "none"; what is not given comes from the defaults. */
function pickDefault(
  { name, default: own }: HyperparameterSpec,
  defaults: HyperparameterValues,
  given: HyperparameterValues,
): HyperparameterValue {
  if (Object.hasOwn(given, name)) return null
  return Object.hasOwn(defaults, name) ? (defaults[name] ?? null) : own
}

function wrongValue(name: string, value: unknown, wanted: string): LensEngineError {
  const shown = JSON.stringify(value) ?? String(value)
  return new LensEngineError('BAD_ARGUMENT', `the hyperparameter ${name} is ${shown}`, {
    details: { hyperparameter: name, value: shown, wanted },
    cure: `Use ${wanted}.`,
  })
}
