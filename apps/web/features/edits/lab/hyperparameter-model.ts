// Hyperparameters as they are typed <-> as they are sent, and what is wrong with a value before it is sent.
import type { HyperparameterKind } from '../../../graphql/generated/graphql'

export interface HyperparameterFacts {
  readonly name: string
  readonly kind: HyperparameterKind
  readonly default: unknown
  readonly min: number | null
  readonly max: number | null
  readonly optional: boolean
  readonly choices: readonly { readonly value: string }[]
}

export type Values = Readonly<Record<string, unknown>>

/** Numbers as the field holds them: small ones with an exponent. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(showValue).join(', ')
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function valueOf(fact: HyperparameterFacts, values: Values): unknown {
  return Object.hasOwn(values, fact.name) ? values[fact.name] : fact.default
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function isChanged(fact: HyperparameterFacts, values: Values): boolean {
  return !same(valueOf(fact, values) ?? null, fact.default ?? null)
}

/** Values with one of them set; the default is left out. */
export function withValue(values: Values, fact: HyperparameterFacts, value: unknown): Values {
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => name !== fact.name))
  return same(value ?? null, fact.default ?? null) ? others : { ...others, [fact.name]: value }
}

/** What a text field means; a text that means nothing is kept, so that it can be shown and complained about. */
export function readValue(kind: HyperparameterKind, text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (kind === 'LAYERS') {
    const parts = trimmed.split(/[\s,]+/).filter((part) => part !== '')
    return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : trimmed
  }
  const value = Number(trimmed.replace(',', '.'))
  return Number.isFinite(value) ? value : trimmed
}

function sayRange({ min, max }: HyperparameterFacts): string {
  if (min === null && max === null) return 'a number'
  if (min === null) return `a number of at most ${showValue(max)}`
  return max === null
    ? `a number from ${showValue(min)}`
    : `a number from ${showValue(min)} to ${showValue(max)}`
}

function numberProblem(fact: HyperparameterFacts, value: unknown): string | null {
  const { min, max, kind } = fact
  const inside =
    typeof value === 'number' &&
    (min === null || value >= min) &&
    (max === null || value <= max) &&
    (kind === 'NUMBER' || Number.isInteger(value))
  if (inside) return null
  const wanted =
    kind === 'NUMBER' ? sayRange(fact) : sayRange(fact).replace('number', 'whole number')
  return `Use ${wanted}${fact.optional ? ', or leave it empty' : ''}.`
}

const isLayer = (value: unknown, layers: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < layers

function layersProblem(value: unknown, layers: number): string | null {
  const ascending =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (one, index) => isLayer(one, layers) && (index === 0 || one > (value[index - 1] as number)),
    )
  return ascending ? null : `Use layers from 0 to ${layers - 1} in ascending order.`
}

/** What is wrong with the value that would be used, in words; null when nothing is. */
export function problemOf(
  fact: HyperparameterFacts,
  values: Values,
  layers: number,
): string | null {
  const value = valueOf(fact, values) ?? null
  if (value === null && (fact.optional || fact.default === null || fact.default === undefined))
    return null
  const checks: Readonly<Record<HyperparameterKind, () => string | null>> = {
    NUMBER: () => numberProblem(fact, value),
    INTEGER: () => numberProblem(fact, value),
    LAYER: () => (isLayer(value, layers) ? null : `Use a layer from 0 to ${layers - 1}.`),
    LAYERS: () => layersProblem(value, layers),
    MATRICES: () => (Array.isArray(value) && value.length > 0 ? null : 'Choose a matrix at least.'),
    CHOICE: () =>
      fact.choices.some((choice) => choice.value === value) ? null : 'Choose one of the list.',
    BOOLEAN: () => (typeof value === 'boolean' ? null : 'Choose yes or no.'),
  }
  return checks[fact.kind]()
}

/** The values that this method knows: those of another method are dropped. */
export function onlyKnown(values: Values, facts: readonly HyperparameterFacts[]): Values {
  const known = new Set(facts.map(({ name }) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)))
}
