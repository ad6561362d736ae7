'use client'
// Opens the list of keys, also with "?"; the list comes when it is asked for.
import { lazy, Suspense, useEffect, useState } from 'react'

const loadDialog = () => import('./keys-dialog')
const KeysDialog = lazy(async () => ({ default: (await loadDialog()).KeysDialog }))

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    (target as HTMLInputElement).type !== 'radio'
  )
}

export function KeysButton() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label="Keys"
        aria-haspopup="dialog"
        title="Keys (?)"
        onMouseEnter={() => void loadDialog()}
        onClick={() => setOpen(true)}
      >
        ?
      </button>
      {open && (
        <Suspense>
          <KeysDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
