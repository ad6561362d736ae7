import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../../components/page-frame'
import { CompareEvaluationsPage } from '../../../features/comparison/compare-page'

export const metadata: Metadata = { title: 'Compare evaluations' }

export default function CompareRoute() {
  return (
    <Suspense fallback={<PageFrame title="Compare evaluations" />}>
      <CompareEvaluationsPage />
    </Suspense>
  )
}
