import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EvaluationPage } from '../../../features/comparison/evaluation-page'
import { ComparedEvaluationDocument, ComparisonDocument } from '../../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Evaluation' }

interface EvaluationRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function EvaluationRoute({ params }: EvaluationRouteProps) {
  const { id } = await params
  return (
    <>
      <EarlyAsks
        asks={[
          early(ComparedEvaluationDocument, { id }),
          earlyIfPlain(ComparisonDocument, { input: { evaluationIds: [id] }, quick: true }),
        ]}
      />
      <Suspense>
        <EvaluationPage key={id} id={id} />
      </Suspense>
    </>
  )
}
