// The view as state; the address follows a moment later, so that it can be sent on at any time.
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { formatComparison, parseComparison, type ComparisonView } from './comparison-view'

const WRITE_DELAY = 150

/** What the address asked for leaves the address as it is: it says so already. */
export type ChangeView = (change: Partial<ComparisonView>, by?: 'address' | 'reader') => void

/** `kept`: the part of the address that is not the view, such as `ids`. */
export function useComparisonView(
  keptName: string | null,
): readonly [ComparisonView, ChangeView, string] {
  const params = useSearchParams()
  const path = usePathname()
  const [{ view, by }, setShown] = useState(() => ({
    view: parseComparison(new URLSearchParams(params.toString())),
    by: 'address',
  }))
  const change = useCallback<ChangeView>(
    (part, by = 'reader') => setShown((shown) => ({ view: { ...shown.view, ...part }, by })),
    [],
  )
  const keptValue = keptName === null ? null : params.get(keptName)
  const kept = keptName !== null && keptValue ? ([[keptName, keptValue]] as const) : []
  const query = formatComparison(view, kept)
  // The address one arrives with is left alone: it may name a comment too.
  const known = useRef(query)
  useEffect(() => {
    if (known.current === query) return
    known.current = query
    if (by === 'address') return
    const timer = setTimeout(() => {
      if (window.location.pathname === path && query !== window.location.search.slice(1))
        window.history.replaceState(null, '', query ? `?${query}` : path)
    }, WRITE_DELAY)
    return () => clearTimeout(timer)
  }, [query, path, by])
  return [view, change, query ? `${path}?${query}` : path]
}
