import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PromptsPage } from '../../features/prompts'

export const metadata: Metadata = { title: 'Prompts' }

export default function PromptsRoute() {
  return (
    <Suspense>
      <PromptsPage />
    </Suspense>
  )
}
