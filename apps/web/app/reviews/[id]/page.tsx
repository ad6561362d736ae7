import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ReviewPage } from '../../../features/reviews/review-page'
import { TalkReviewOfDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Review' }

interface ReviewRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function ReviewRoute({ params }: ReviewRouteProps) {
  const { id } = await params
  return (
    <>
      <EarlyAsks asks={[early(TalkReviewOfDocument, { id })]} />
      <Suspense>
        <ReviewPage key={id} id={id} />
      </Suspense>
    </>
  )
}
