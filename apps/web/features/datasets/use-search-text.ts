// A searched text that stands in the address as `search`.
import { useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'

export function useSearchText(): readonly [string, (text: string) => void] {
  const params = useSearchParams()
  const [text, setText] = useState(() => params.get('search') ?? '')
  const change = useCallback((next: string) => {
    setText(next)
    const query = next ? `?${new URLSearchParams({ search: next }).toString()}` : ''
    setTimeout(() => window.history.replaceState(null, '', query || window.location.pathname))
  }, [])
  return [text, change]
}
