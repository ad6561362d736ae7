import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { ReviewsPage } from '../../features/reviews/reviews-page'

export const metadata: Metadata = { title: 'Reviews' }

export default function ReviewsRoute() {
  return (
    <Suspense fallback={<PageFrame title="Reviews" />}>
      <ReviewsPage />
    </Suspense>
  )
}
