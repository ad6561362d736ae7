import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LensPage, LensSkeleton } from '../../features/lens'

export const metadata: Metadata = { title: 'Lens' }

export default function LensRoute() {
  return (
    <Suspense fallback={<LensSkeleton />}>
      <LensPage />
    </Suspense>
  )
}
