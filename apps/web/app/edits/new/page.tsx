import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LabPage } from '../../../features/edits/lab/lab-page'

export const metadata: Metadata = { title: 'New edit' }

export default function LabRoute() {
  return (
    <Suspense>
      <LabPage />
    </Suspense>
  )
}
