// The comment that the address names: "?comment=<id>", or "#comment-<id>".
import { useEffect, useState } from 'react'

export function linkedComment({ search, hash }: Pick<Location, 'search' | 'hash'>): string | null {
  const named = new URLSearchParams(search).get('comment')
  return named ?? /^#comment-([\w-]+)$/.exec(hash)?.[1] ?? null
}

/** The address of a comment, from the address of its place. */
export function commentAddress(path: string, id: string): string {
  const [place = '', hash] = path.split('#')
  const [page = '', query = ''] = place.split('?')
  const params = new URLSearchParams(query)
  params.set('comment', id)
  return `${page}?${params.toString().replace(/%3A/g, ':')}${hash ? `#${hash}` : ''}`
}

export function useLinkedComment(): string | null {
  const [linked, setLinked] = useState<string | null>(null)
  useEffect(() => {
    const read = () => setLinked(linkedComment(window.location))
    read()
    window.addEventListener('hashchange', read)
    window.addEventListener('popstate', read)
    return () => {
      window.removeEventListener('hashchange', read)
      window.removeEventListener('popstate', read)
    }
  }, [])
  return linked
}
