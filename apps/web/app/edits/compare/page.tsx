import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ComparePage } from '../../../features/edits/compare/compare-page'

export const metadata: Metadata = { title: 'Compare edits' }

export default function CompareRoute() {
  return (
    <Suspense>
      <ComparePage />
    </Suspense>
  )
}
