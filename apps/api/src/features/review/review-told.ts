// A step of a review -> what stands in inboxes and in the feed.
import type { InboxKindKey } from '../../vocabulary/talk-names.js'
import { pathOfRow } from '../anchor/anchor-words.js'
import { rowKey } from '../anchor/anchor.js'
import { reviewSteps } from './review-machine.js'
import type { ReviewEventName } from './review-machine.js'
import type { Told } from './review-writer.repository.js'
import type { ReviewRow } from './review.repository.js'

type Happening = ReviewEventName | 'request'

/** Why those who are called are told. */
function kindOf(event: Happening, { round }: ReviewRow): InboxKindKey {
  if (event === 'approve' || event === 'request-changes') return 'DECISION'
  return event === 'submit' && round > 1 ? 'CHANGES_MADE' : 'REVIEW_REQUESTED'
}

/** @param called whom it concerns; nobody hears of a draft */
export function reviewTold(row: ReviewRow, event: Happening, called: readonly string[]): Told {
  const { id, title, subjectKind, subjectId, state } = row
  const path = pathOfRow('REVIEW', id)
  const verb = event === 'request' ? requestVerb(row) : reviewSteps[event].verb
  const anchorKeys = [rowKey('REVIEW', id), rowKey(subjectKind, subjectId)]
  const userIds = state === 'DRAFT' ? [] : called
  return {
    calls: [{ userIds, notice: { kind: kindOf(event, row), title, path } }],
    activity: { verb, title, path, anchorKeys },
  }
}

const requestVerb = ({ state }: ReviewRow): string =>
  state === 'DRAFT' ? 'drafted a review of' : 'asked for a review of'
