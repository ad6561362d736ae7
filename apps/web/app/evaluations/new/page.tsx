import type { Metadata } from 'next'
import { Suspense } from 'react'
import { WizardPage } from '../../../features/evaluations/new/wizard-page'

export const metadata: Metadata = { title: 'New evaluation' }

export default function NewEvaluationRoute() {
  return (
    <Suspense>
      <WizardPage />
    </Suspense>
  )
}
