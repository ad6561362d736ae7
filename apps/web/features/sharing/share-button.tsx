'use client'
// The address of this view, for the team or for anyone; the dialog's code comes when it is opened.
import dynamic from 'next/dynamic'
import { useState } from 'react'

const loadDialog = () => import('./share-dialog').then(({ ShareDialog }) => ShareDialog)
const ShareDialog = dynamic(loadDialog, { ssr: false })

export function ShareButton() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label="Share this view"
        aria-haspopup="dialog"
        title="Share this view"
        onMouseEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        onClick={() => setOpen(true)}
        data-testid="share-button"
      >
        <svg
          width="16"
          height="16"
          viewBox="0 0 16 16"
          fill="none"
          stroke="currentColor"
          aria-hidden
        >
          <path d="M8 10V2.5M5 5l3-2.8L11 5M3 8.5v5h10v-5" />
        </svg>
      </button>
      {open && <ShareDialog onClose={() => setOpen(false)} />}
    </>
  )
}
