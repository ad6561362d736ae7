import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { PromptsPage } from '../../features/prompts'
import { PromptsDocument } from '../../graphql/generated/graphql'
import { earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Prompts' }

const ASKS = [earlyIfPlain(PromptsDocument, { first: 20, after: null, filter: {} })]

export default function PromptsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Prompts" />}>
        <PromptsPage />
      </Suspense>
    </>
  )
}
