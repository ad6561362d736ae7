'use client'
// How many edits failed; the list of them comes when it is opened.
import { Dialog } from 'radix-ui'
import { lazy, Suspense } from 'react'
import { showCount } from '../../lens/numbers'
import type { FailuresProps } from './failure-report'

const FailureReport = lazy(async () => ({
  default: (await import('./failure-report')).FailureReport,
}))

/** "3 failed": opens the list. */
export function FailuresButton(props: FailuresProps) {
  const { failed } = props
  if (failed === 0) return <span className="muted">none failed</span>
  return (
    <Dialog.Root>
      <Dialog.Trigger className="link wrong tabular" data-testid="open-failures">
        {showCount(failed)} failed
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog wide" aria-describedby={undefined}>
          <Dialog.Title>
            {showCount(failed)} edit{failed === 1 ? '' : 's'} failed
          </Dialog.Title>
          <Suspense fallback={<div className="skeleton" style={{ height: 140 }} />}>
            <FailureReport {...props} />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
