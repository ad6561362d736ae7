// A slice that is being made <-> the request for it, and what is wrong with it before it is sent.
import type { CreateSliceInput, SlicePartsFragment } from '../../../graphql/generated/graphql'
import { describeSlice, many } from '../dataset-words'

export interface SliceDraft {
  readonly name: string
  readonly search: string
  readonly relations: readonly string[]
  readonly caseIds: readonly string[]
  /** As typed; empty takes all. */
  readonly count: string
  readonly seed: string
  readonly knownByModelId: string
}

export const EMPTY_DRAFT: SliceDraft = {
  name: '',
  search: '',
  relations: [],
  caseIds: [],
  count: '100',
  seed: '0',
  knownByModelId: '',
}

const whole = (text: string): number | null => {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isSafeInteger(value) ? value : null
}

/** null when it can be made. `matching`: cases that the filter leaves; null while that is not known. */
export function draftProblem(draft: SliceDraft, matching: number | null): string | null {
  const byHand = draft.caseIds.length > 0
  const count = whole(draft.count)
  if (!byHand && draft.count.trim() !== '' && (count === null || count < 1))
    return 'Take a whole number of cases, or leave it empty for all.'
  const seed = whole(draft.seed)
  if (!byHand && (seed === null || seed < 0)) return 'A seed is a whole number from 0.'
  if (!byHand && matching === 0) return 'No case is like this.'
  return null
}

/** How many cases the slice will hold, as far as that is known before it is made. */
export function expectedCases(draft: SliceDraft, matching: number | null): number | null {
  if (draft.caseIds.length > 0) return draft.caseIds.length
  const count = whole(draft.count)
  if (matching === null) return count
  return count === null ? matching : Math.min(count, matching)
}

export function sayExpected(draft: SliceDraft, matching: number | null): string {
  const expected = expectedCases(draft, matching)
  if (expected === null) return ''
  if (draft.knownByModelId)
    return `Up to ${many(expected, 'case')}: the model is asked first, and only what it knows is kept.`
  const count = whole(draft.count)
  const short =
    draft.caseIds.length === 0 && count !== null && matching !== null && matching < count
  return short ? `${many(expected, 'case')}: there are no more like this.` : many(expected, 'case')
}

export function sliceInputOf(
  datasetId: string,
  draft: SliceDraft,
  clientMutationId: string,
): CreateSliceInput {
  const byHand = draft.caseIds.length > 0
  const filter = {
    ...(draft.search.trim() && { search: draft.search.trim() }),
    ...(draft.relations.length > 0 && { relations: [...draft.relations] }),
    ...(whole(draft.count) !== null && { count: whole(draft.count) }),
    seed: whole(draft.seed) ?? 0,
  }
  return {
    datasetId,
    ...(draft.name.trim() && { name: draft.name.trim() }),
    ...(byHand ? { caseIds: [...draft.caseIds] } : filter),
    ...(draft.knownByModelId && { knownByModelId: draft.knownByModelId }),
    clientMutationId,
  }
}

/** The draft in words: the name it gets when none is given. */
export function draftWords(draft: SliceDraft, modelName: string | null): string {
  const { relations, caseIds, search } = draft
  const count = whole(draft.count)
  return describeSlice(
    { relations, caseIds, search, count, seed: whole(draft.seed) ?? 0 },
    modelName,
  )
}

type Live = Pick<SlicePartsFragment, 'id' | 'version' | 'state'>

export const isSliceLive = ({ state }: Pick<Live, 'state'>): boolean =>
  state === 'QUEUED' || state === 'RUNNING'

/** The newer of two readings of one slice. */
export function newerSlice<T extends Live>(known: T, heard: T | null | undefined): T {
  return heard && heard.id === known.id && heard.version > known.version ? heard : known
}
