'use client'
// The button that asks for a review. Its form is loaded when it is opened.
import Link from 'next/link'
import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { TalkReviewsDocument } from '../../graphql/generated/graphql'
import { useTalker } from '../comments'
import { ReviewBadge } from './review-badge'
import type { RequestReviewProps } from './review-words'

const READS = { additionalTypenames: ['Review'] }

const RequestDialog = lazy(async () => ({
  default: (await import('./request-dialog')).RequestDialog,
}))

/** What stands about the subject already. */
function useNewestReview({ subjectKind, subjectId }: RequestReviewProps) {
  const [{ data }] = useQuery({
    query: TalkReviewsDocument,
    variables: { first: 1, filter: { subjectKind, subjectId }, order: 'NEWEST' },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  return data?.reviews.edges[0]?.node ?? null
}

export function RequestReview(props: RequestReviewProps) {
  const talker = useTalker()
  const [open, setOpen] = useState(false)
  const review = useNewestReview(props)
  const may = talker.may(props.subjectKind === 'ANNOTATION' ? 'ANNOTATE' : 'COMPUTE')
  return (
    <>
      <button
        type="button"
        className="button small"
        disabled={!may}
        title={may || !talker.known ? undefined : 'Asking for a review needs the role researcher.'}
        data-testid="request-review"
        onClick={() => setOpen(true)}
      >
        Request review
      </button>
      <span className="subject-review">
        {review && (
          <Link href={`/reviews/${review.id}`} prefetch={false} data-testid="subject-review">
            <ReviewBadge state={review.state} />
            <span className="hidden-text">: the review</span>
          </Link>
        )}
      </span>
      {open && (
        <Suspense>
          <RequestDialog {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
