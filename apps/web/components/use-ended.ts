// Things of a list that end by themselves: told of each that has ended, also of one that was never seen under way.
import { useEffect, useRef } from 'react'

/**
 * @param ended ids of those that have ended; null until the list is known
 * @param onEnded called when one ended since the list was first known
 */
export function useEnded(ended: readonly string[] | null, onEnded: () => void): void {
  const seen = useRef<ReadonlySet<string> | null>(null)
  const key = ended?.join('\n') ?? null
  useEffect(() => {
    if (key === null) return
    const ids = key === '' ? [] : key.split('\n')
    const before = seen.current
    seen.current = new Set([...(before ?? []), ...ids])
    if (before !== null && ids.some((id) => !before.has(id))) onEnded()
  }, [key, onEnded])
}
