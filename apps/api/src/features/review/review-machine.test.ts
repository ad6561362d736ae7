import { describe, expect, it } from 'vitest'
import { reviewStates } from '../../vocabulary/talk-names.js'
import type { ReviewStateKey } from '../../vocabulary/talk-names.js'
import { annotationStateAfter, beginsRound, nextState, reviewEvents } from './review-machine.js'
import type { ReviewEventName } from './review-machine.js'

/** The whole machine, written down a second time: what is not here cannot happen. */
const allowed: Readonly<Record<ReviewStateKey, Partial<Record<ReviewEventName, ReviewStateKey>>>> =
  {
    DRAFT: { submit: 'IN_REVIEW', withdraw: 'WITHDRAWN', 'change-reviewers': 'DRAFT' },
    IN_REVIEW: {
      ...{ approve: 'APPROVED', 'request-changes': 'CHANGES_REQUESTED' },
      ...{ withdraw: 'WITHDRAWN', 'change-reviewers': 'IN_REVIEW' },
    },
    CHANGES_REQUESTED: {
      ...{ submit: 'IN_REVIEW', withdraw: 'WITHDRAWN', 'change-reviewers': 'CHANGES_REQUESTED' },
    },
    APPROVED: { withdraw: 'WITHDRAWN', reopen: 'IN_REVIEW' },
    WITHDRAWN: { reopen: 'IN_REVIEW' },
  }

const pairs = reviewStates.keys.flatMap((state) =>
  reviewEvents.map((event) => [state, event] as const),
)

describe('the states of a review', () => {
  it.each(pairs)('%s on %s', (state, event) => {
    expect(nextState(state, event)).toBe(allowed[state][event] ?? null)
  })

  it('are all reached from a draft, and from each one can be in review again', () => {
    const reached = (from: ReviewStateKey): Set<ReviewStateKey> => {
      const found = new Set<ReviewStateKey>([from])
      for (const state of found)
        for (const event of reviewEvents) {
          const next = nextState(state, event)
          if (next !== null) found.add(next)
        }
      return found
    }
    expect(reached('DRAFT').size).toBe(reviewStates.keys.length)
    for (const state of reviewStates.keys) expect(reached(state).has('IN_REVIEW')).toBe(true)
  })

  it('hold over ten thousand random steps: decided only in review, a round for each return to it', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    let [state, round, returns]: [ReviewStateKey, number, number] = ['DRAFT', 1, 0]
    for (let step = 0; step < 10_000; step += 1) {
      const event = reviewEvents[random(reviewEvents.length)] as ReviewEventName
      const next = nextState(state, event)
      if (next === null) continue
      if (next === 'APPROVED' || next === 'CHANGES_REQUESTED')
        expect(state === 'IN_REVIEW' || state === next).toBe(true)
      if (beginsRound(state, event)) round += 1
      if (next === 'IN_REVIEW' && !['DRAFT', 'IN_REVIEW'].includes(state)) returns += 1
      state = next
    }
    expect(returns).toBeGreaterThan(100)
    expect(round).toBe(returns + 1)
  })

  it('make an annotation accepted while it is approved, and proposed again after', () => {
    expect(annotationStateAfter('IN_REVIEW', 'APPROVED')).toBe('ACCEPTED')
    expect(annotationStateAfter('APPROVED', 'IN_REVIEW')).toBe('PROPOSED')
    expect(annotationStateAfter('APPROVED', 'WITHDRAWN')).toBe('PROPOSED')
    expect(annotationStateAfter('IN_REVIEW', 'CHANGES_REQUESTED')).toBeNull()
  })
})
