'use client'
// How many edits failed; the list of them comes when it is opened.
import { lazy, Suspense, useState } from 'react'
import { showCount } from '../../lens/numbers'
import type { FailuresProps } from './failure-report'

const FailureReport = lazy(async () => ({
  default: (await import('./failure-report')).FailureReport,
}))

/** "3 failed": opens the list. */
export function FailuresButton(props: FailuresProps) {
  const [open, setOpen] = useState(false)
  if (props.failed === 0) return <span className="muted">none failed</span>
  return (
    <>
      <button
        type="button"
        className="link wrong tabular"
        aria-haspopup="dialog"
        data-testid="open-failures"
        onClick={() => setOpen(true)}
      >
        {showCount(props.failed)} failed
      </button>
      {open && (
        <Suspense>
          <FailureReport {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
