// Which cases of a table somebody wants to see, and in which order.
import { outcomes, promptOf } from './case-table.js'
import type { CaseTable } from './case-table.js'

export type Side = 'before' | 'after'

export interface ColumnChoice {
  readonly armId: string
  /** Index in the protocol's order. */
  readonly metric: number
  readonly side: Side
}

export interface RangeChoice extends ColumnChoice {
  readonly min: number | null
  readonly max: number | null
}

export interface FlipChoice {
  readonly firstArmId: string
  readonly secondArmId: string
  readonly kind: string
  readonly direction: 'either' | 'only-first' | 'only-second'
}

export interface CaseChoice {
  readonly relations: readonly string[] | null
  readonly search: string | null
  readonly ranges: readonly RangeChoice[]
  readonly flips: FlipChoice | null
  readonly outcome: 'edited' | 'skipped' | 'failed' | null
  readonly places: readonly number[] | null
}

export type SortChoice = { readonly descending: boolean } & (
  | { readonly column: ColumnChoice }
  | { readonly field: 'place' | 'case-id' | 'relation' | 'subject' }
)

/** Verdicts of an arm on its prompts of a kind, case by case: 1 right, 0 wrong, 2 unknown. */
export type Verdicts = readonly (readonly number[] | null)[]

/** The cases that fit, ascending. @param verdicts of both arms of the flips, where flips are asked for */
export function chooseCases(
  table: CaseTable,
  armIds: readonly string[],
  choice: CaseChoice,
  verdicts: readonly [Verdicts, Verdicts] | null,
): Int32Array {
  const tests = [
    relationTest(table, choice.relations),
    placesTest(table, choice.places),
    ...choice.ranges.map((range) => rangeTest(table, range)),
    outcomeTest(table, armIds, choice.outcome),
    flipTest(choice.flips, verdicts),
    searchTest(table, choice.search),
  ].filter((test) => test !== null)
  const chosen: number[] = []
  for (let index = 0; index < table.places.length; index++)
    if (tests.every((test) => test(index))) chosen.push(index)
  return Int32Array.from(chosen)
}

type Test = (index: number) => boolean

function relationTest({ relations, relationOf }: CaseTable, names: readonly string[] | null) {
  if (names === null || names.length === 0) return null
  const wanted = new Set(names.map((name) => relations.indexOf(name)))
  return (index: number): boolean => wanted.has(relationOf[index] as number)
}

function placesTest({ places }: CaseTable, chosen: readonly number[] | null): Test | null {
  if (chosen === null) return null
  const wanted = new Set(chosen)
  return (index) => wanted.has(places[index] as number)
}

function rangeTest(table: CaseTable, { min, max, ...column }: RangeChoice): Test {
  const value = columnReader(table, column)
  return (index) => {
    const found = value(index)
    return !Number.isNaN(found) && (min === null || found >= min) && (max === null || found <= max)
  }
}

function outcomeTest(
  { arms }: CaseTable,
  armIds: readonly string[],
  outcome: CaseChoice['outcome'],
): Test | null {
  if (outcome === null) return null
  const wanted = outcomes[outcome]
  const columns = armIds.flatMap((id) => arms.get(id)?.outcomes ?? [])
  return (index) => columns.some((column) => column[index] === wanted)
}

function flipTest(
  flips: FlipChoice | null,
  verdicts: readonly [Verdicts, Verdicts] | null,
): Test | null {
  if (flips === null || verdicts === null) return null
  const [first, second] = verdicts
  const fits = {
    either: (a: number, b: number) => a !== b && a < 2 && b < 2,
    'only-first': (a: number, b: number) => a === 1 && b === 0,
    'only-second': (a: number, b: number) => a === 0 && b === 1,
  }[flips.direction]
  return (index) => {
    const [own, other] = [first[index], second[index]]
    return !!own && !!other && own.some((verdict, place) => fits(verdict, other[place] ?? 2))
  }
}

function searchTest({ texts }: CaseTable, search: string | null): Test | null {
  const wanted = search?.trim().toLowerCase()
  if (!wanted) return null
  return (index) => {
    const text = texts[index]!
    const { caseId, relation, targetNew, targetTrue } = text
    const whole = `${caseId}\n${relation}\n${promptOf(text)}\n${targetNew ?? ''}\n${targetTrue ?? ''}`
    return whole.toLowerCase().includes(wanted)
  }
}

/** Reads a column of the table; NaN where the arm or the value is not there. */
export function columnReader(
  { arms, before, metrics }: CaseTable,
  { armId, metric, side }: ColumnChoice,
): (index: number) => number {
  const arm = arms.get(armId)
  const values = side === 'before' ? before.get(arm?.modelId ?? '') : arm?.values
  return (index) => values?.[index * metrics + metric] ?? NaN
}

/** The same cases in another order; equal ones by place, missing values last. */
export function sortCases(table: CaseTable, chosen: Int32Array, sort: SortChoice): Int32Array {
  const sign = sort.descending ? -1 : 1
  if ('column' in sort) return sortByNumber(chosen, columnReader(table, sort.column), sign)
  if (sort.field === 'place') return sort.descending ? chosen.slice().reverse() : chosen
  const name = ({ 'case-id': 'caseId', relation: 'relation', subject: 'subject' } as const)[
    sort.field
  ]
  const order = new Intl.Collator('en', { numeric: true }).compare
  const text = (index: number): string => table.texts[index]?.[name] ?? ''
  return chosen.slice().sort((a, b) => sign * order(text(a), text(b)) || a - b)
}

function sortByNumber(
  chosen: Int32Array,
  value: (index: number) => number,
  sign: number,
): Int32Array {
  const keys = new Map(Array.from(chosen, (index) => [index, value(index)]))
  return chosen.slice().sort((a, b) => {
    const [x, y] = [keys.get(a) as number, keys.get(b) as number]
    if (Number.isNaN(x) || Number.isNaN(y)) return +Number.isNaN(x) - +Number.isNaN(y) || a - b
    return sign * (x - y) || a - b
  })
}
