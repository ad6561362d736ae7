import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EvaluationPage } from '../../../features/comparison/evaluation-page'

export const metadata: Metadata = { title: 'Evaluation' }

interface EvaluationRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function EvaluationRoute({ params }: EvaluationRouteProps) {
  const { id } = await params
  return (
    <Suspense>
      <EvaluationPage key={id} id={id} />
    </Suspense>
  )
}
