// A draft that survives reload: kept in this browser under the thing it is about until it is sent.
import { useCallback, useEffect, useState } from 'react'
import { isUntouched, parseDraft, type AnnotationDraft } from './draft-model'

const WRITE_DELAY = 150
const PREFIX = 'imprint-draft:'

function read(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

/** null removes what is kept. A browser that refuses storage keeps the draft until the page closes. */
function write(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(PREFIX + key)
    else localStorage.setItem(PREFIX + key, text)
  } catch {
    return
  }
}

export interface StoredDraft {
  readonly draft: AnnotationDraft
  readonly change: (draft: AnnotationDraft) => void
  readonly clear: () => void
  /** Something from before was found when the page opened. */
  readonly restored: boolean
}

export function hasStoredDraft(key: string): boolean {
  return read(key) !== null
}

export function useStoredDraft(key: string, start: AnnotationDraft): StoredDraft {
  const [draft, setDraft] = useState(() => parseDraft(read(key), start))
  const [restored] = useState(() => !isUntouched(draft, start))
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    if (settled) return
    const store = () => write(key, isUntouched(draft, start) ? null : JSON.stringify(draft))
    const timer = setTimeout(store, WRITE_DELAY)
    window.addEventListener('pagehide', store)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', store)
    }
  }, [key, draft, start, settled])
  const clear = useCallback(() => {
    setSettled(true)
    write(key, null)
  }, [key])
  return { draft, change: setDraft, clear, restored }
}
