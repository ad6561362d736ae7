import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FiguresPage } from '../../features/figures/figures-page'

export const metadata: Metadata = { title: 'Figures' }

export default function FiguresRoute() {
  return (
    <Suspense>
      <FiguresPage />
    </Suspense>
  )
}
