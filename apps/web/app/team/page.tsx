import type { Metadata } from 'next'
import { Suspense } from 'react'
import { TeamPage } from '../../features/team/team-page'

export const metadata: Metadata = { title: 'Team' }

export default function TeamRoute() {
  return (
    <Suspense>
      <TeamPage />
    </Suspense>
  )
}
