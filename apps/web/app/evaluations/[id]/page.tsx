import type { Metadata } from 'next'
import { Suspense } from 'react'
import { askEvaluationAhead } from '../../../features/comparison/ask-ahead'
import { EvaluationPage } from '../../../features/comparison/evaluation-page'
import { questionAhead, type SearchParams } from '../../../graphql/ahead'
import { Answered } from '../../../graphql/answered'
import { ComparedEvaluationDocument, ComparisonDocument } from '../../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Evaluation' }

interface EvaluationRouteProps {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: SearchParams
}

const asks = (id: string) => [
  early(ComparedEvaluationDocument, { id }),
  earlyIfPlain(ComparisonDocument, { input: { evaluationIds: [id] }, quick: true }),
]

export default async function EvaluationRoute({ params, searchParams }: EvaluationRouteProps) {
  const { id } = await params
  const query = await questionAhead(searchParams)
  const answers = query && (await askEvaluationAhead(id, query))
  return (
    <>
      {answers === null && <EarlyAsks asks={asks(id)} />}
      <Answered answers={answers}>
        <Suspense>
          <EvaluationPage key={id} id={id} />
        </Suspense>
      </Answered>
    </>
  )
}
