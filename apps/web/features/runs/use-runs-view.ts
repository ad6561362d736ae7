// The filter as state; the address follows.
import { useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'
import { formatRunsView, parseRunsView, type RunsView } from './runs-filter'

export function useRunsView() {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseRunsView(new URLSearchParams(params.toString())))
  const change = useCallback((part: Partial<RunsView>) => {
    setView((current) => {
      const next = { ...current, ...part }
      const query = formatRunsView(next)
      setTimeout(() =>
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname),
      )
      return next
    })
  }, [])
  return [view, change] as const
}
