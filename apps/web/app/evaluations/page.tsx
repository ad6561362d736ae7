import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { EvaluationsLead } from '../../features/evaluations/evaluations-lead'
import { EvaluationsPage } from '../../features/evaluations/list/evaluations-page'
import {
  AskModelsDocument,
  EvaluationsDocument,
  ProtocolNamesDocument,
} from '../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Evaluations' }

const ASKS = [
  earlyIfPlain(EvaluationsDocument, { first: 20, after: null, filter: null }),
  early(AskModelsDocument, {}),
  early(ProtocolNamesDocument, {}),
]

export default function EvaluationsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="Evaluations">
            <EvaluationsLead />
          </PageFrame>
        }
      >
        <EvaluationsPage />
      </Suspense>
    </>
  )
}
