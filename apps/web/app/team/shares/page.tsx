import type { Metadata } from 'next'
import { Suspense } from 'react'
import { SharesPage } from '../../../features/sharing/shares-page'

export const metadata: Metadata = { title: 'Shared links' }

export default function SharesRoute() {
  return (
    <Suspense>
      <SharesPage />
    </Suspense>
  )
}
