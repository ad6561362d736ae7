'use client'
// Three steps for a first visit; gone for good once dismissed.
import { useState } from 'react'
import { useHydrated } from '../../components/use-hydrated'

const KEY = 'imprint.hint'

function wasDismissed(): boolean {
  try {
    return localStorage.getItem(KEY) === 'dismissed'
  } catch {
    return false
  }
}

export function Hint() {
  const [dismissed, setDismissed] = useState(wasDismissed)
  // Only the browser knows whether it was dismissed.
  const alive = useHydrated()
  if (!alive || dismissed) return null
  const dismiss = () => {
    setDismissed(true)
    try {
      localStorage.setItem(KEY, 'dismissed')
    } catch {
      // Without storage the hint comes back next time.
    }
  }
  return (
    <aside className="hint" aria-label="First steps" data-testid="hint">
      <ol>
        <li>
          <b>Read a cell.</b> Each says, in a word, what the update would write at that layer (row)
          and token (column). The stronger the colour, the more it writes.
        </li>
        <li>
          <b>Ask it why.</b> Click a cell or use the arrow keys: both ends, ranks and sizes are
          beside the grid.
        </li>
        <li>
          <b>Ask your own.</b> Type a prompt and the token you would teach, then press Enter.
        </li>
      </ol>
      <button type="button" className="button small" onClick={dismiss}>
        Got it
      </button>
    </aside>
  )
}
