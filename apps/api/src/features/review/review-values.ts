// Rows of reviews -> what GraphQL shows.
import type { Review, ReviewEvent } from './review.type.js'
import type { ReviewEventRow, ReviewRow } from './review.repository.js'

export function toReview(row: ReviewRow): Review {
  const { id, subjectKind, subjectId, subjectDigest, title, body, state, version, round } = row
  const { reviewerRoles, requestedById, waitingSince, createdAt, updatedAt } = row
  return {
    ...{ id, subjectKind, subjectId, subjectDigest, title, body, state, version, round },
    ...{ reviewerRoles, requestedById, waitingSince, createdAt, updatedAt },
  }
}

export function toReviewEvent(row: ReviewEventRow): ReviewEvent {
  const { id, kind, actorId, fromState, toState, body, version, createdAt } = row
  return { id, kind, actorId, from: fromState, to: toState, body, version, createdAt }
}
