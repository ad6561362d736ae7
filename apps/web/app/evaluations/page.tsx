import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EvaluationsPage } from '../../features/evaluations/list/evaluations-page'

export const metadata: Metadata = { title: 'Evaluations' }

export default function EvaluationsRoute() {
  return (
    <Suspense>
      <EvaluationsPage />
    </Suspense>
  )
}
