// The state of a review as a small sign.
import type { ReviewState } from '../../graphql/generated/graphql'
import { REVIEW_STATES } from './review-words'

export function ReviewBadge({ state }: { readonly state: ReviewState }) {
  const { label, sign } = REVIEW_STATES[state]
  return (
    <span className="badge" data-state={sign} data-testid="review-state">
      {label}
    </span>
  )
}
