// The chart that a comment or the address names: the view is turned to it, and it is brought into view.
import { useCallback, useEffect, useState } from 'react'
import { chartInHash, placeOfChart } from './chart-names'
import type { Comparison } from './comparison-model'
import type { ChangeView } from './use-comparison-view'

interface Asked {
  readonly chart: string
  readonly by: 'address' | 'reader'
}

export interface SoughtChart {
  /** Null once it was found. */
  readonly sought: string | null
  readonly onFound: () => void
  readonly seek: (chart: string) => void
}

/** @param comparison null until it is read: what is asked for waits */
export function useSoughtChart(comparison: Comparison | null, change: ChangeView): SoughtChart {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [sought, setSought] = useState<string | null>(null)
  useEffect(() => {
    const read = () => {
      const chart = chartInHash(window.location.hash)
      if (chart !== null) setAsked({ chart, by: 'address' })
    }
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  useEffect(() => {
    if (asked === null || comparison === null || comparison.refusal) return
    setAsked(null)
    const place = placeOfChart(comparison, asked.chart)
    if (place === null) return
    change({ ...place, tab: 'results' }, asked.by)
    setSought(asked.chart)
  }, [asked, comparison, change])
  return {
    sought,
    onFound: useCallback(() => setSought(null), []),
    seek: useCallback((chart) => setAsked({ chart, by: 'reader' }), []),
  }
}
