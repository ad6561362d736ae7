// The words of data sets and slices.
import { showCount } from '../lens/numbers'

export const many = (count: number, what: string): string =>
  `${showCount(count)} ${what}${count === 1 ? '' : 's'}`

/** The beginning of a digest: enough to tell two apart. */
export const shortDigest = (digest: string): string => digest.slice(0, 12)

export const KNOWN: Readonly<Record<string, { readonly label: string; readonly meaning: string }>> =
  {
    none: { label: 'no', meaning: 'The model says something else.' },
    first: { label: 'first token', meaning: 'The model says the first token of the true answer.' },
    all: { label: 'yes', meaning: 'The model says the whole true answer.' },
  }

interface Definition {
  readonly relations?: readonly string[] | null
  readonly caseIds?: readonly string[] | null
  readonly search?: string | null
  readonly count?: number | null
  readonly seed: number
}

function sayRelations(relations: readonly string[]): string {
  const [first = '', second] = relations
  if (relations.length === 1) return first
  if (relations.length === 2) return `${first} or ${second ?? ''}`
  return `${relations.length} relations`
}

/** "100 random cases of capital or language with “France”, seed 7, known by facts-gpt2". */
export function describeSlice(
  { relations, caseIds, search, count, seed }: Definition,
  knownBy: string | null,
): string {
  const which = caseIds?.length
    ? `${many(caseIds.length, 'case')} chosen by hand`
    : typeof count === 'number'
      ? `${many(count, 'random case')}`
      : 'all cases'
  const parts = [
    which,
    relations?.length ? `of ${sayRelations(relations)}` : '',
    search?.trim() ? `with “${search.trim()}”` : '',
  ]
  const end = [
    typeof count === 'number' && !caseIds?.length ? `seed ${seed}` : '',
    knownBy ? `known by ${knownBy}` : '',
  ]
  return [parts.filter(Boolean).join(' '), ...end.filter(Boolean)].join(', ')
}

/** Where a data set came from, for people: the id of an upload says nothing to them. */
export const saySource = (source: string): string =>
  source.startsWith('upload:') ? 'uploaded file' : source
