'use client'
// Copies a text; where the browser refuses, it says so and offers the text selected.
import { useEffect, useRef, useState } from 'react'

const SAID_MS = 2000

async function toClipboard(text: string): Promise<boolean> {
  try {
    // Absent on pages that were not loaded safely.
    if (!navigator.clipboard) return false
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

interface CopyTextProps {
  readonly text: string
  readonly label: string
}

export function CopyText({ text, label }: CopyTextProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  useEffect(() => {
    if (state !== 'copied') return
    const timer = setTimeout(() => setState('ready'), SAID_MS)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => setState((await toClipboard(text)) ? 'copied' : 'refused')
  return (
    <>
      <button type="button" className="button small" onClick={() => void copy()}>
        <span aria-live="polite">{state === 'copied' ? 'Copied' : label}</span>
      </button>
      {state === 'refused' && <RefusedCopy text={text} onClose={() => setState('ready')} />}
    </>
  )
}

function RefusedCopy({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return (
    <div className="copy-refused" data-testid="copy-refused">
      <p role="alert">
        The browser did not allow copying. The text is selected: copy it with <kbd>Ctrl</kbd>
        <kbd>C</kbd> (<kbd>⌘</kbd>
        <kbd>C</kbd> on a Mac).
      </p>
      <textarea
        ref={field}
        className="input mono"
        aria-label="Text to copy"
        readOnly
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      <button type="button" className="button small" onClick={onClose}>
        Close
      </button>
    </div>
  )
}
