// The view of a data set as state; the address follows a moment later.
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { formatBrowse, parseBrowse, type BrowseView } from './browse-view'

const WRITE_DELAY = 200

export type ChangeBrowse = (part: Partial<BrowseView>) => void

export function useBrowseView(): readonly [BrowseView, ChangeBrowse] {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseBrowse(new URLSearchParams(params.toString())))
  const change = useCallback<ChangeBrowse>(
    (part) => setView((current) => ({ ...current, ...part })),
    [],
  )
  useEffect(() => {
    const timer = setTimeout(() => {
      const query = formatBrowse(view)
      if (query !== window.location.search.slice(1))
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
    }, WRITE_DELAY)
    return () => clearTimeout(timer)
  }, [view])
  return [view, change]
}
