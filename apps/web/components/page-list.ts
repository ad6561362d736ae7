'use client'
// A list that grows page by page: the newest first page plus the pages asked for after it.
import { useCallback, useState } from 'react'

export interface PageInfo {
  readonly hasNextPage: boolean
  readonly endCursor?: string | null
}

/** Remembers where each further page starts; a new question starts over. */
export function usePages(question: string) {
  const [state, setState] = useState<{ question: string; after: readonly (string | null)[] }>({
    question,
    after: [null],
  })
  const after = state.question === question ? state.after : [null]
  const more = useCallback(
    (info: PageInfo) => {
      if (!info.hasNextPage || !info.endCursor) return
      const cursor = info.endCursor
      setState((current) => {
        const known = current.question === question ? current.after : [null]
        return known.includes(cursor) ? current : { question, after: [...known, cursor] }
      })
    },
    [question],
  )
  return { after, more }
}
