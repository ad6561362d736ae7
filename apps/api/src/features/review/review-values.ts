// Rows of reviews -> what GraphQL shows.
import type { Review, ReviewEvent } from './review.type.js'
import type { ReviewEventRow, ReviewRow } from './review.repository.js'

export function toReview(row: ReviewRow): Review {
  const { projectId: _projectId, clientMutationId: _clientMutationId, ...shown } = row
  return shown
}

export function toReviewEvent(row: ReviewEventRow): ReviewEvent {
  const { id, kind, actorId, fromState, toState, body, version, createdAt } = row
  return { id, kind, actorId, from: fromState, to: toState, body, version, createdAt }
}
