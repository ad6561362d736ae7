'use client'
// The threads of a place. Their code comes when the first place is shown, so that pages without comments stay light.
import { lazy, Suspense } from 'react'
import type { CommentThreadProps } from './conversation'

const Conversation = lazy(async () => ({ default: (await import('./conversation')).Conversation }))

export function CommentThread(props: CommentThreadProps) {
  return (
    <Suspense fallback={<div className="threads thread-skeleton" aria-busy />}>
      <Conversation {...props} />
    </Suspense>
  )
}
