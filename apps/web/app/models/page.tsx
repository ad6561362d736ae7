import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { ModelsPage } from '../../features/models'
import { ModelImportsDocument, ModelsDocument } from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Models' }

const ASKS = [early(ModelsDocument, { first: 100 }), early(ModelImportsDocument, { first: 5 })]

export default function ModelsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Models" />}>
        <ModelsPage />
      </Suspense>
    </>
  )
}
