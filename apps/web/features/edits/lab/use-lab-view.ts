// The lab's question as state; the address follows a moment later, so that typing survives a reload and can be sent on.
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { formatLab, parseLab, type LabView } from './lab-view'

const WRITE_DELAY = 200

export type ChangeLab = (change: (view: LabView) => LabView) => void

/**
 * Makes the address say what the lab shows. Done before leaving the page: an address written while another page is on its way
 * would call that page off.
 */
export function writeAddress(view: LabView): void {
  const query = formatLab(view)
  if (query !== window.location.search.slice(1))
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
}

export function useLabView(): readonly [LabView, ChangeLab] {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseLab(new URLSearchParams(params.toString())))
  const change = useCallback<ChangeLab>((next) => setView((current) => next(current)), [])
  useEffect(() => {
    const timer = setTimeout(() => writeAddress(view), WRITE_DELAY)
    return () => clearTimeout(timer)
  }, [view])
  return [view, change]
}
