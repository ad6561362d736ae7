import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { DatasetsPage } from '../../features/datasets/datasets-page'
import { DatasetImportsDocument, DatasetsDocument } from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Datasets' }

const ASKS = [
  early(DatasetsDocument, { first: 50, search: null }),
  early(DatasetImportsDocument, { first: 10 }),
]

export default function DatasetsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Datasets" />}>
        <DatasetsPage />
      </Suspense>
    </>
  )
}
