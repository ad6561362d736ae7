'use client'
// More cases or more methods for an evaluation. Few extend, so the dialog comes when it is opened.
import { lazy, Suspense, useState } from 'react'
import type { ExtendProps } from './extend-dialog'

const ExtendDialog = lazy(async () => ({ default: (await import('./extend-dialog')).ExtendDialog }))

export function ExtendButton(props: ExtendProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="button small"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        Extend
      </button>
      {open && (
        <Suspense>
          <ExtendDialog {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
