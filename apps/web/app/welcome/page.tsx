import type { Metadata } from 'next'
import { Suspense } from 'react'
import { WelcomePage } from '../../features/account/welcome-page'

export const metadata: Metadata = { title: 'Welcome' }

export default function WelcomeRoute() {
  return (
    <Suspense>
      <WelcomePage />
    </Suspense>
  )
}
