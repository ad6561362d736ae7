// Cases -> the slice an evaluation asks for: by relation, by id, or a seeded random number of them.
import { createHash } from 'node:crypto'
import { LensEngineError } from '../errors.js'
import type { EvaluationCase } from './evaluation-case.js'

export interface CaseSlice {
  /** Keep these relations only. */
  readonly relations?: readonly string[]
  /** Keep these ids only, in the data set's order; every one must exist. */
  readonly ids?: readonly string[]
  /** Keep this many at random, or all when there are fewer. */
  readonly count?: number
  /** Default 0. */
  readonly seed?: number | string
}

interface Ranked {
  readonly rank: string
  readonly place: number
  readonly chosen: EvaluationCase
}

/**
 * The slice in the data set's order. The random choice keeps the cases with the smallest sha256 of seed and id: it needs
 * no more memory than the slice, does not depend on the order of the file, and a larger count contains the smaller one.
 * @throws BAD_ARGUMENT for a count that is no whole number from 1, unknown ids, or a slice without a case
 */
export async function selectCases(
  cases: AsyncIterable<EvaluationCase> | Iterable<EvaluationCase>,
  { relations, ids, count, seed = 0 }: CaseSlice,
): Promise<EvaluationCase[]> {
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 1)) {
    throw badSlice(`count is ${count}`, 'Use a whole number from 1.', { count })
  }
  const wantedRelations = relations && new Set(relations)
  const missing = new Set(ids)
  let kept: Ranked[] = []
  let place = 0
  for await (const chosen of cases) {
    const wanted =
      (ids === undefined || missing.delete(chosen.id)) &&
      (wantedRelations?.has(chosen.relation.id) ?? true)
    if (!wanted) continue
    const rank = count === undefined ? '' : digestOf(seed, chosen.id)
    kept.push({ rank, place: place++, chosen })
    if (count !== undefined && kept.length >= 2 * count + 1000) kept = smallest(kept, count)
  }
  if (missing.size > 0) {
    const list = [...missing].slice(0, 5).join(', ')
    throw badSlice(
      `${missing.size} ids are not in the data set: ${list}`,
      'Use ids of its records.',
      { ids: list },
    )
  }
  if (kept.length === 0) {
    throw badSlice('no case is left', 'Check the names of the relations.', {
      relations: relations?.slice(0, 5).join(', '),
    })
  }
  const final = count === undefined ? kept : smallest(kept, count)
  return final.sort((a, b) => a.place - b.place).map(({ chosen }) => chosen)
}

function smallest(ranked: Ranked[], count: number): Ranked[] {
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : Number(a.rank > b.rank))).slice(0, count)
}

function digestOf(seed: number | string, id: string): string {
  return createHash('sha256').update(`${seed}\0${id}`).digest('hex')
}

function badSlice(
  message: string,
  cure: string,
  details: Record<string, string | number | undefined>,
): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', message, { details, cure })
}

/** The cases in the order of the seeded choice: its first `count` are what `selectCases` keeps, in another order. */
export function inSeededOrder(
  cases: readonly EvaluationCase[],
  seed: number | string,
): readonly EvaluationCase[] {
  const ranked = cases.map((chosen, place): Ranked => ({
    rank: digestOf(seed, chosen.id),
    place,
    chosen,
  }))
  return smallest(ranked, ranked.length).map(({ chosen }) => chosen)
}
