import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../../components/page-frame'
import { LabPage } from '../../../features/edits/lab/lab-page'
import { LabModelsDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'New edit' }

const ASKS = [early(LabModelsDocument, {})]

export default function LabRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="New edit" />}>
        <LabPage />
      </Suspense>
    </>
  )
}
