import type { Metadata } from 'next'
import { WorkersPage } from '../../features/workers/workers-page'
import { WorkersDocument } from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Workers' }

const ASKS = [early(WorkersDocument, {})]

export default function WorkersRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <WorkersPage />
    </>
  )
}
