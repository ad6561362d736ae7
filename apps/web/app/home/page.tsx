import type { Metadata } from 'next'
import { Suspense } from 'react'
import { HomePage } from '../../features/home/home-page'

export const metadata: Metadata = { title: 'Home' }

export default function HomeRoute() {
  return (
    <Suspense>
      <HomePage />
    </Suspense>
  )
}
