import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { CollectionsLead } from '../../features/collections/collections-lead'
import { CollectionsPage } from '../../features/collections/collections-page'
import { CollectionsDocument } from '../../graphql/generated/graphql'
import { earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Collections' }

const ASKS = [earlyIfPlain(CollectionsDocument, { first: 30, after: null, filter: null })]

export default function CollectionsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="Collections">
            <CollectionsLead />
          </PageFrame>
        }
      >
        <CollectionsPage />
      </Suspense>
    </>
  )
}
