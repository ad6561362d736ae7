import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CollectionsPage } from '../../features/collections/collections-page'

export const metadata: Metadata = { title: 'Collections' }

export default function CollectionsRoute() {
  return (
    <Suspense>
      <CollectionsPage />
    </Suspense>
  )
}
