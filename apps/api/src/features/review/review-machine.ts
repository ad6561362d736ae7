// The states of a review: which event leads from where to where, who may cause it, and what history calls it.
import type { ReviewStateKey } from '../../vocabulary/talk-names.js'

export const reviewEvents = [
  ...(['submit', 'approve', 'request-changes', 'withdraw', 'reopen', 'change-reviewers'] as const),
] as const
export type ReviewEventName = (typeof reviewEvents)[number]

export interface ReviewStep {
  readonly from: readonly ReviewStateKey[]
  /** Null: the state stays. */
  readonly to: ReviewStateKey | null
  /** `requester`: who asked, or an admin; `reviewer`: who has the right to review. */
  readonly by: 'requester' | 'reviewer'
  /** In the history. */
  readonly kind: string
  /** For the feed. */
  readonly verb: string
}

/**
 * draft -> in review -> approved | changes requested -> in review ... ; all but withdrawn -> withdrawn;
 * approved | withdrawn -> in review again by reopening.
 */
export const reviewSteps: Readonly<Record<ReviewEventName, ReviewStep>> = {
  submit: {
    from: ['DRAFT', 'CHANGES_REQUESTED'],
    ...{ to: 'IN_REVIEW', by: 'requester', kind: 'submitted', verb: 'submitted' },
  },
  approve: {
    from: ['IN_REVIEW'],
    ...{ to: 'APPROVED', by: 'reviewer', kind: 'approved', verb: 'approved' },
  },
  'request-changes': {
    from: ['IN_REVIEW'],
    ...{ to: 'CHANGES_REQUESTED', by: 'reviewer' },
    ...{ kind: 'changes-requested', verb: 'requested changes to' },
  },
  withdraw: {
    from: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED'],
    ...{ to: 'WITHDRAWN', by: 'requester', kind: 'withdrawn', verb: 'withdrew' },
  },
  reopen: {
    from: ['APPROVED', 'WITHDRAWN'],
    ...{ to: 'IN_REVIEW', by: 'requester', kind: 'reopened', verb: 'reopened' },
  },
  'change-reviewers': {
    from: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED'],
    ...{ to: null, by: 'requester', kind: 'reviewers-changed', verb: 'asked others about' },
  },
}

/** The state an event leads to; null where it cannot happen. */
export function nextState(state: ReviewStateKey, event: ReviewEventName): ReviewStateKey | null {
  const { from, to } = reviewSteps[event]
  return from.includes(state) ? (to ?? state) : null
}

/** Whether the event begins another round of deciding. */
export const beginsRound = (state: ReviewStateKey, event: ReviewEventName): boolean =>
  (event === 'submit' && state === 'CHANGES_REQUESTED') || event === 'reopen'

/** What deciding makes of an annotation that was reviewed; null where nothing. */
export function annotationStateAfter(
  before: ReviewStateKey,
  after: ReviewStateKey,
): 'ACCEPTED' | 'PROPOSED' | null {
  if (after === 'APPROVED') return 'ACCEPTED'
  return before === 'APPROVED' ? 'PROPOSED' : null
}
