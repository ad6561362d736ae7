// The `filter` of a download -> which cases: the type CaseFilter as JSON, of the shape that operations hold it to.
import { badInput } from '../../errors/input-error.js'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import { caseOutcomes, caseSides, flipDirections } from '../../vocabulary/evaluation-names.js'
import type { CaseFilter } from './comparison.input.js'

type Fits = (value: unknown) => boolean
type Shape = Readonly<Record<string, Fits>>

const isText: Fits = (value) => typeof value === 'string'
const isNumber: Fits = (value) => Number.isFinite(value)
/** As GraphQL has them: 32 bits. */
const isWhole: Fits = (value) => Number.isInteger(value) && Number(value) === (Number(value) | 0)
const oneOf =
  (names: readonly string[]): Fits =>
  (value) =>
    names.includes(value as string)
const listOf =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.every(fits)
const orNothing =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || value === null || fits(value)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The first field that is not of the shape, or that the shape lacks. */
function wrongField(value: Readonly<Record<string, unknown>>, shape: Shape): string | undefined {
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(shape, field))
  return unknown ?? Object.keys(shape).find((field) => !shape[field]!(value[field]))
}

const objectOf =
  (shape: Shape): Fits =>
  (value) =>
    isObject(value) && wrongField(value, shape) === undefined

const isRange = objectOf({
  armId: isText,
  metric: isText,
  min: orNothing(isNumber),
  max: orNothing(isNumber),
  side: orNothing(oneOf(caseSides.keys)),
})

const areFlips = objectOf({
  firstArmId: isText,
  secondArmId: isText,
  kind: oneOf(editPromptKinds.keys),
  direction: orNothing(oneOf(flipDirections.keys)),
})

const filterShape: Readonly<Record<keyof CaseFilter, Fits>> = {
  relations: orNothing(listOf(isText)),
  search: orNothing(isText),
  ranges: orNothing(listOf(isRange)),
  flips: orNothing(areFlips),
  outcome: orNothing(oneOf(caseOutcomes.keys)),
  places: orNothing(listOf(isWhole)),
}

/**
 * @returns null where none is given
 * @throws BAD_USER_INPUT naming the field
 */
export function readCaseFilter(text: unknown): CaseFilter | null {
  if (text === undefined || text === '') return null
  const filter = typeof text === 'string' ? parse(text) : undefined
  if (!isObject(filter)) throw badInput('filter is no CaseFilter as JSON, given once.', 'filter')
  const wrong = wrongField(filter, filterShape)
  if (wrong !== undefined)
    throw badInput(`filter.${wrong} is not what the type CaseFilter has.`, 'filter')
  return filter
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
