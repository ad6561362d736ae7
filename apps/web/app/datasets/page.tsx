import type { Metadata } from 'next'
import { Suspense } from 'react'
import { DatasetsPage } from '../../features/datasets/datasets-page'

export const metadata: Metadata = { title: 'Datasets' }

export default function DatasetsRoute() {
  return (
    <Suspense>
      <DatasetsPage />
    </Suspense>
  )
}
