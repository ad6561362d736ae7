import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { RunsPage } from '../../features/runs'
import { LensRunsDocument, ModelsDocument } from '../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Runs' }

const ASKS = [
  earlyIfPlain(LensRunsDocument, { first: 20, after: null, filter: null }),
  early(ModelsDocument, { first: 100 }),
]

export default function RunsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Runs" />}>
        <RunsPage />
      </Suspense>
    </>
  )
}
