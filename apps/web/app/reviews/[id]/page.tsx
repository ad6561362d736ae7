import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ReviewPage } from '../../../features/reviews/review-page'

export const metadata: Metadata = { title: 'Review' }

interface ReviewRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function ReviewRoute({ params }: ReviewRouteProps) {
  const { id } = await params
  return (
    <Suspense>
      <ReviewPage key={id} id={id} />
    </Suspense>
  )
}
