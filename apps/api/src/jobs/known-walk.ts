// The answers of a model so far, walked in seeded order -> how far the choice is, and which cases to ask next.
import { knownWords, notAsked } from '../features/dataset/known-answers.js'
import type { KnownCounts } from '../features/slice/slice.type.js'

/** Cases asked together, as the engine's `selectKnownCases` does. */
export const groupSize = 256

export interface KnownWalk {
  readonly counts: KnownCounts
  /** Places of the known cases that are chosen so far. */
  readonly known: readonly number[]
  /** Places to ask before the choice can go on; empty when it is complete. */
  readonly ask: readonly number[]
}

/** @param count known cases to stop at; null for all */
export function walkKnown(
  order: readonly number[],
  answers: Uint8Array,
  count: number | null,
): KnownWalk {
  const known: number[] = []
  let [tested, firstToken] = [0, 0]
  const walk = (ask: readonly number[]): KnownWalk => ({
    ...{ known, ask },
    counts: { tested, firstToken, known: known.length },
  })
  for (let start = 0; start < order.length; start += groupSize) {
    if (known.length === count) break
    const group = order.slice(start, start + groupSize)
    const open = group.filter((place) => answers[place] === notAsked)
    if (open.length > 0) return walk(open)
    for (const place of group) {
      if (known.length === count) break
      const word = knownWords[answers[place] as number]
      tested += 1
      if (word !== 'none') firstToken += 1
      if (word === 'all') known.push(place)
    }
  }
  return walk([])
}
