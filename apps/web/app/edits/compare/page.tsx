import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../../components/page-frame'
import { ComparePage } from '../../../features/edits/compare/compare-page'
import { ComparedEditsDocument } from '../../../graphql/generated/graphql'
import { early, fromAddress } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Compare edits' }

const ASKS = [early(ComparedEditsDocument, { first: fromAddress('a'), second: fromAddress('b') })]

export default function CompareRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Compare edits" />}>
        <ComparePage />
      </Suspense>
    </>
  )
}
