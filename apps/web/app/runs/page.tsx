import type { Metadata } from 'next'
import { Suspense } from 'react'
import { RunsPage } from '../../features/runs'

export const metadata: Metadata = { title: 'Runs' }

export default function RunsRoute() {
  return (
    <Suspense>
      <RunsPage />
    </Suspense>
  )
}
