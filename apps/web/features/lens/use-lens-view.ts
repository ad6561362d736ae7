// The view as state: changes show at once, the address follows a moment later; links and Back change the view.
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useHydrated } from '../../components/use-hydrated'
import { formatView, parseView, type LensView } from './lens-view'

const WRITE_DELAY = 150
const KEPT = 'imprint.lens'

export type ViewChange = Partial<LensView> | ((view: LensView) => Partial<LensView>)
export type UpdateView = (change: ViewChange, how?: 'push' | 'replace') => void

function keptView(): string | null {
  try {
    return sessionStorage.getItem(KEPT)
  } catch {
    return null
  }
}

function writeAddress(query: string, how: 'push' | 'replace'): void {
  const address = query === '' ? window.location.pathname : `?${query}`
  if (how === 'push') window.history.pushState(null, '', address)
  else window.history.replaceState(null, '', address)
  try {
    sessionStorage.setItem(KEPT, query)
  } catch {
    // Without storage the address alone holds the view.
  }
}

export function useLensView(): readonly [LensView, UpdateView] {
  const params = useSearchParams()
  const incoming = formatView(parseView(new URLSearchParams(params.toString())))
  // Back from another page, the lens is as it was left; a page that is loaded shows what its address says.
  const cameBack = useHydrated()
  const [view, setView] = useState(() =>
    parseView(new URLSearchParams(incoming || (cameBack ? (keptView() ?? '') : ''))),
  )
  const latest = useRef(view)
  const written = useRef(incoming)
  // Addresses that were written but have not come back yet: on a busy machine they arrive late, and must not undo newer ones.
  const underway = useRef<string[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)

  const write = useCallback((how: 'push' | 'replace') => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    const query = formatView(latest.current)
    if (query === written.current) return
    written.current = query
    underway.current.push(query)
    writeAddress(query, how)
  }, [])

  useEffect(() => {
    const own = underway.current.indexOf(incoming)
    if (own >= 0) underway.current.splice(0, own + 1)
    if (own >= 0 || incoming === written.current) return
    underway.current = []
    written.current = incoming
    latest.current = parseView(new URLSearchParams(incoming))
    setView(latest.current)
  }, [incoming])

  useEffect(() => () => write('replace'), [write])

  const update = useCallback<UpdateView>(
    (change, how = 'replace') => {
      const parts = typeof change === 'function' ? change(latest.current) : change
      latest.current = { ...latest.current, ...parts }
      setView(latest.current)
      if (timer.current) clearTimeout(timer.current)
      if (how === 'push') write('push')
      else timer.current = setTimeout(() => write('replace'), WRITE_DELAY)
    },
    [write],
  )
  return [view, update]
}
