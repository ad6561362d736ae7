import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../../components/page-frame'
import { EvaluationsLead } from '../../../features/evaluations/evaluations-lead'
import { WizardPage } from '../../../features/evaluations/new/wizard-page'
import { EvaluationChoicesDocument, SlicesDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'New evaluation' }

const ASKS = [
  early(EvaluationChoicesDocument, {}),
  early(SlicesDocument, { first: 100, datasetId: null }),
]

export default function NewEvaluationRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="New evaluation">
            <EvaluationsLead />
          </PageFrame>
        }
      >
        <WizardPage />
      </Suspense>
    </>
  )
}
