import type { Metadata } from 'next'
import { Suspense } from 'react'
import { AnnotationsPage } from '../../features/annotations/list/annotations-page'

export const metadata: Metadata = { title: 'Annotations' }

export default function AnnotationsRoute() {
  return (
    <Suspense>
      <AnnotationsPage />
    </Suspense>
  )
}
