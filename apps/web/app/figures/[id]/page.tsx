import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FigureSetPage } from '../../../features/figures/figure-set-page'

export const metadata: Metadata = { title: 'Figures' }

interface FigureSetRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function FigureSetRoute({ params }: FigureSetRouteProps) {
  const { id } = await params
  return (
    <Suspense>
      <FigureSetPage key={id} id={id} />
    </Suspense>
  )
}
