'use client'
// The section on interference; its code comes after what stands above it.
import { lazy, Suspense } from 'react'

const InterferenceBody = lazy(async () => ({
  default: (await import('./interference-body')).InterferenceBody,
}))

export function InterferenceCard({ modelId }: { readonly modelId: string }) {
  return (
    <Suspense fallback={<div className="card skeleton" style={{ height: 90 }} />}>
      <InterferenceBody modelId={modelId} />
    </Suspense>
  )
}
