import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ReviewsPage } from '../../features/reviews/reviews-page'

export const metadata: Metadata = { title: 'Reviews' }

export default function ReviewsRoute() {
  return (
    <Suspense>
      <ReviewsPage />
    </Suspense>
  )
}
