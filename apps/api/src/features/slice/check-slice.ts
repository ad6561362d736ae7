// What somebody asks of a slice -> its definition, checked, and a name for it.
import { UserFailure } from '../../errors/user-failure.js'
import { datasetLimits } from '../dataset/dataset.service.js'
import { checkText } from '../text-rules.js'
import type { CreateSliceInput } from './slice.input.js'
import type { SliceDefinition } from './slice.type.js'

const limits = { relations: 1_000, caseIds: 50_000, name: 200 } as const

/** @throws BAD_ARGUMENT, TEXT_TOO_LONG, TEXT_INVALID */
export function checkDefinition(input: CreateSliceInput): SliceDefinition {
  const count = input.count ?? null
  if (count !== null && count < 1)
    throw new UserFailure('BAD_ARGUMENT', `The count is ${count}.`, {
      field: 'count',
      cure: 'Use a whole number from 1, or leave it away for all cases.',
    })
  return {
    relations: checkNames(input.relations, 'relations'),
    caseIds: checkNames(input.caseIds, 'caseIds'),
    search: checkText(input.search?.trim(), 'search', datasetLimits.search),
    count,
    seed: input.seed ?? 0,
  }
}

/** Each name once; null where there are none. */
function checkNames(
  names: readonly string[] | null | undefined,
  field: 'relations' | 'caseIds',
): string[] | null {
  if (!names || names.length === 0) return null
  if (names.length > limits[field])
    throw new UserFailure('BAD_ARGUMENT', `${names.length} ${field} are too many.`, {
      field,
      cure: `Give at most ${limits[field]}.`,
    })
  return [...new Set(names.map((name) => checkText(name, field, 1_000) ?? ''))]
}

/** `100 random cases of CounterFact that gpt2-xl knows (seed 3)`. */
export function describeSlice(
  dataset: string,
  { relations, caseIds, search, count, seed }: SliceDefinition,
  knownBy: string | null,
): string {
  const number = count ?? caseIds?.length ?? null
  const many = number === null ? 'All' : `${number}`
  const parts = [
    `${many}${count === null ? '' : ' random'} cases of ${dataset}`,
    relations === null ? '' : ` with ${relations.slice(0, 3).join(', ').slice(0, 80)}`,
    search === null ? '' : ` about “${search.slice(0, 40)}”`,
    knownBy === null ? '' : ` that ${knownBy} knows`,
    seed === 0 ? '' : ` (seed ${seed})`,
  ]
  return parts.join('').slice(0, limits.name)
}
