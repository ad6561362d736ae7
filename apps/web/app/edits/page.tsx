import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { EditsLead } from '../../features/edits/list/edits-lead'
import { EditsPage } from '../../features/edits/list/edits-page'
import { AskModelsDocument, EditsDocument } from '../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Edits' }

const ASKS = [
  earlyIfPlain(EditsDocument, { first: 20, after: null, filter: null }),
  early(AskModelsDocument, {}),
]

export default function EditsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="Edits">
            <EditsLead />
          </PageFrame>
        }
      >
        <EditsPage />
      </Suspense>
    </>
  )
}
