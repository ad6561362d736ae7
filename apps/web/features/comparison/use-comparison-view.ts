// The view as state; the address follows a moment later, so that it can be sent on at any time.
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { formatComparison, parseComparison, type ComparisonView } from './comparison-view'

const WRITE_DELAY = 150

export type ChangeView = (change: Partial<ComparisonView>) => void

/** `kept`: the part of the address that is not the view, such as `ids`. */
export function useComparisonView(
  keptName: string | null,
): readonly [ComparisonView, ChangeView, string] {
  const params = useSearchParams()
  const path = usePathname()
  const [view, setView] = useState(() => parseComparison(new URLSearchParams(params.toString())))
  const change = useCallback<ChangeView>(
    (part) => setView((current) => ({ ...current, ...part })),
    [],
  )
  const keptValue = keptName === null ? null : params.get(keptName)
  const kept = keptName !== null && keptValue ? ([[keptName, keptValue]] as const) : []
  const query = formatComparison(view, kept)
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const timer = setTimeout(() => {
      if (window.location.pathname === path && query !== window.location.search.slice(1))
        window.history.replaceState(null, '', query ? `?${query}` : path)
    }, WRITE_DELAY)
    return () => clearTimeout(timer)
  }, [query, path])
  return [view, change, query ? `${path}?${query}` : path]
}
