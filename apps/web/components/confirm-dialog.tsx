'use client'
// Asks before something is lost for good. The dialog's code comes when it is first wanted.
import { lazy, Suspense } from 'react'
import type { ConfirmFrameProps } from './confirm-frame'

const ConfirmFrame = lazy(async () => ({ default: (await import('./confirm-frame')).ConfirmFrame }))

interface ConfirmDialogProps extends ConfirmFrameProps {
  readonly open: boolean
}

export function ConfirmDialog({ open, ...frame }: ConfirmDialogProps) {
  if (!open) return null
  return (
    <Suspense>
      <ConfirmFrame {...frame} />
    </Suspense>
  )
}
