'use client'
// How many records were rejected; the report of them comes when it is opened.
import { lazy, Suspense, useState } from 'react'
import { showCount } from '../lens/numbers'
import type { Reported } from './rejection-report'

const RejectionReport = lazy(async () => ({
  default: (await import('./rejection-report')).RejectionReport,
}))

/** "12 rejected": opens the report; nothing where nothing was rejected. */
export function RejectionsButton({ dataset }: { readonly dataset: Reported }) {
  const [open, setOpen] = useState(false)
  if (dataset.rejected === 0) return <span className="faint">none</span>
  return (
    <>
      <button
        type="button"
        className="link tabular"
        aria-haspopup="dialog"
        data-testid="open-rejections"
        onClick={() => setOpen(true)}
      >
        {showCount(dataset.rejected)}
      </button>
      {open && (
        <Suspense>
          <RejectionReport dataset={dataset} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
