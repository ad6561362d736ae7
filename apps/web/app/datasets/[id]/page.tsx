import type { Metadata } from 'next'
import { Suspense } from 'react'
import { DatasetPage } from '../../../features/datasets/browse/dataset-page'
import { DatasetDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Data set' }

interface DatasetRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function DatasetRoute({ params }: DatasetRouteProps) {
  const { id } = await params
  return (
    <>
      <EarlyAsks asks={[early(DatasetDocument, { id })]} />
      <Suspense>
        <DatasetPage key={id} id={id} />
      </Suspense>
    </>
  )
}
