// Methods with their settings -> arms: every model, and every combination of the values that are swept.
import type { HyperparameterKind } from '../../../graphql/generated/graphql'
import {
  problemOf,
  readValue,
  showValue,
  type HyperparameterFacts,
  type Values,
} from '../../edits/lab/hyperparameter-model'

/** A method with the hyperparameters that differ from its defaults; those that are swept hold several values. */
export interface MethodGroup {
  readonly method: string
  readonly values: Values
  /** A name of its own; made from the values when absent. */
  readonly name?: string
  /** For this one of the chosen models alone. */
  readonly model?: string
}

export interface Sweep {
  readonly sweep: readonly unknown[]
}

export interface ArmDraft {
  readonly name: string
  readonly modelId: string
  readonly method: string
  readonly hyperparameters: Readonly<Record<string, unknown>>
}

/** Arms that one evaluation takes at most. */
export const MOST_ARMS = 64

export const isSweep = (value: unknown): value is Sweep =>
  typeof value === 'object' && value !== null && Array.isArray((value as Partial<Sweep>).sweep)

const valuesOf = (value: unknown): readonly unknown[] => (isSweep(value) ? value.sweep : [value])

const LISTS: ReadonlySet<HyperparameterKind> = new Set(['LAYERS'])
const RANGE = /^(-?\d+)\.\.(-?\d+)$/

/** "2..5" -> 2, 3, 4, 5; anything else is itself. */
function readPart(kind: HyperparameterKind, text: string): readonly unknown[] {
  const range = RANGE.exec(text)
  if (!range) return [readValue(kind, text)]
  const [from, to] = [Number(range[1]), Number(range[2])]
  if (to < from || to - from >= MOST_ARMS) return [text]
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** One value, or several: numbers apart by commas or spaces, lists of layers apart by semicolons. */
export function readSwept(kind: HyperparameterKind, text: string): unknown {
  const isList = LISTS.has(kind)
  const parts = text
    .split(isList ? ';' : /[\s,;]+/)
    .map((part) => part.trim())
    .filter(Boolean)
  if (parts.length === 0) return null
  const values = parts.flatMap((part) => (isList ? [readValue(kind, part)] : readPart(kind, part)))
  return values.length === 1 ? values[0] : { sweep: values }
}

export function showSwept(value: unknown): string {
  if (!isSweep(value)) return showValue(value)
  return value.sweep.map(showValue).join(value.sweep.some(Array.isArray) ? '; ' : ', ')
}

/** What is wrong with any of the values; null when all can be used. */
export function sweptProblem(
  fact: HyperparameterFacts,
  values: Values,
  layers: number,
): string | null {
  const given = values[fact.name]
  if (!isSweep(given)) return problemOf(fact, values, layers)
  const texts = given.sweep.map((value) => JSON.stringify(value))
  const twice = given.sweep.find((_, index) => texts.indexOf(texts[index] ?? '') !== index)
  if (twice !== undefined) return `${showValue(twice)} stands twice.`
  const wrong = given.sweep.find((value) => problemOf(fact, { [fact.name]: value }, layers))
  if (wrong === undefined) return null
  return `${showValue(wrong) || 'Nothing'}: ${problemOf(fact, { [fact.name]: wrong }, layers) ?? ''}`
}

/** Every combination, the last name varying fastest. */
export function combinations(values: Values): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(values).reduce<readonly Readonly<Record<string, unknown>>[]>(
    (made, [name, value]) =>
      made.flatMap((one) => valuesOf(value).map((each) => ({ ...one, [name]: each }))),
    [{}],
  )
}

/** How many arms there would be, counted without making them. */
export function countArms(
  groups: readonly MethodGroup[],
  models: readonly { readonly id: string }[],
): number {
  const of = (group: MethodGroup) =>
    Object.values(group.values).reduce<number>(
      (product, value) => product * valuesOf(value).length,
      modelsOf(group, models).length,
    )
  return groups.reduce((sum, group) => sum + of(group), 0)
}

const modelsOf = <M extends { readonly id: string }>(
  { model }: MethodGroup,
  models: readonly M[],
): readonly M[] => (model ? models.filter(({ id }) => id === model) : models)

const sayValues = (values: Readonly<Record<string, unknown>>, names: readonly string[]): string =>
  names.map((name) => `${name}=${showValue(values[name]) || 'none'}`).join(' ')

/** The hyperparameters that tell arms of one group apart, or one group from others of its method. */
function tellingNames(group: MethodGroup, several: boolean): readonly string[] {
  const names = Object.keys(group.values)
  return several ? names : names.filter((name) => isSweep(group.values[name]))
}

function groupArms(group: MethodGroup, several: boolean): readonly Omit<ArmDraft, 'modelId'>[] {
  const telling = tellingNames(group, several && !group.name)
  const made = combinations(group.values)
  return made.map((hyperparameters) => {
    const base = group.name ?? group.method
    const detail = sayValues(hyperparameters, telling)
    return { name: detail ? `${base} ${detail}` : base, method: group.method, hyperparameters }
  })
}

/** Names that stand twice get a number. */
function unique(arms: readonly ArmDraft[]): readonly ArmDraft[] {
  const seen = new Map<string, number>()
  return arms.map((arm) => {
    const count = (seen.get(arm.name) ?? 0) + 1
    seen.set(arm.name, count)
    return count === 1 ? arm : { ...arm, name: `${arm.name} (${count})` }
  })
}

export interface NamedModel {
  readonly id: string
  readonly name: string
}

/** All arms in the order they are shown: by method, then values, then models. None where there would be too many. */
export function expandArms(
  groups: readonly MethodGroup[],
  models: readonly NamedModel[],
): readonly ArmDraft[] {
  if (countArms(groups, models) > MOST_ARMS) return []
  const isOneOfSeveral = ({ method, model }: MethodGroup) =>
    groups.filter((other) => other.method === method && other.model === model).length > 1
  const arms = groups.flatMap((group) =>
    groupArms(group, isOneOfSeveral(group)).flatMap((arm) =>
      modelsOf(group, models).map(({ id, name }) => ({
        ...arm,
        modelId: id,
        name: models.length > 1 ? `${arm.name}, ${name}` : arm.name,
      })),
    ),
  )
  return unique(arms)
}

const sameSettings = (a: MethodGroup, b: MethodGroup): boolean =>
  a.method === b.method && JSON.stringify(a.values) === JSON.stringify(b.values)

const withoutModel = ({ method, values, name }: MethodGroup): MethodGroup => ({
  method,
  values,
  ...(name !== undefined && { name }),
})

/** Arms as they are stored -> groups that can be changed; what all models have alike is one group. */
export function groupsOfArms(arms: readonly ArmDraft[]): readonly MethodGroup[] {
  const models = new Set(arms.map(({ modelId }) => modelId))
  const groups = arms.map(({ name, method, modelId, hyperparameters }) => {
    const several =
      arms.filter((arm) => arm.method === method && arm.modelId === modelId).length > 1
    return {
      method,
      values: hyperparameters,
      model: modelId,
      ...(several && models.size === 1 && name !== method && { name }),
    }
  })
  return groups.flatMap((group, index) => {
    const same = groups.filter((other) => sameSettings(other, group))
    if (new Set(same.map(({ model }) => model)).size < models.size) return [group]
    if (groups.findIndex((other) => sameSettings(other, group)) !== index) return []
    return [withoutModel(group)]
  })
}
