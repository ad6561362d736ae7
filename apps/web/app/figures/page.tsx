import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { FiguresLead } from '../../features/figures/figures-lead'
import { FiguresPage } from '../../features/figures/figures-page'
import { FigureChoicesDocument, FigureSetsDocument } from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Figures' }

const ASKS = [early(FigureSetsDocument, { first: 50 }), early(FigureChoicesDocument, {})]

export default function FiguresRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="Figures">
            <FiguresLead />
          </PageFrame>
        }
      >
        <FiguresPage />
      </Suspense>
    </>
  )
}
