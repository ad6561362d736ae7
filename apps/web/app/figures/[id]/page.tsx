import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FigureSetPage } from '../../../features/figures/figure-set-page'
import { FigureSetDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Figures' }

interface FigureSetRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function FigureSetRoute({ params }: FigureSetRouteProps) {
  const { id } = await params
  return (
    <>
      <EarlyAsks asks={[early(FigureSetDocument, { id })]} />
      <Suspense>
        <FigureSetPage key={id} id={id} />
      </Suspense>
    </>
  )
}
