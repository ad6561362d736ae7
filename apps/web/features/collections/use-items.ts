// All items of a collection, read page by page along the cursors; `use` picks how much of each is read.
import { useCallback, useEffect, useState } from 'react'
import { useClient, type OperationResult, type TypedDocumentNode } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { complaintOf, type Complaint } from '../edits/complaint'

/** A larger page costs more than one request may. */
const PAGE = 50

interface ItemsAnswer<Item> {
  readonly collection?: {
    readonly items: {
      readonly totalCount: number
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
      readonly edges: readonly { readonly node: Item }[]
    }
  } | null
}

interface ItemsAsked {
  readonly id: string
  readonly first?: number | null
  readonly after?: string | null
}

export interface Items<Item> {
  /** null until the first page is there. */
  readonly items: readonly Item[] | null
  readonly total: number
  readonly complete: boolean
  readonly complaint: Complaint | null
  readonly reload: () => void
  /** Changes what is shown until the next reading. */
  readonly set: (change: (items: readonly Item[]) => readonly Item[]) => void
}

/** @param document the same object at every call */
export function useItems<Item>(
  document: TypedDocumentNode<ItemsAnswer<Item>, ItemsAsked>,
  id: string,
): Items<Item> {
  const client = useClient()
  const [round, setRound] = useState(0)
  const [state, setState] = useState<Omit<Items<Item>, 'reload' | 'set'>>({
    items: null,
    total: 0,
    complete: false,
    complaint: null,
  })
  useEffect(() => {
    let gone = false
    const read = async () => {
      const all: Item[] = []
      for (let after: string | null = null; !gone;) {
        const variables: ItemsAsked = { id, first: PAGE, after }
        const answer: OperationResult<ItemsAnswer<Item>, ItemsAsked> = await client
          .query(document, variables, { requestPolicy: 'network-only' })
          .toPromise()
        if (gone) return
        const page = answer.data?.collection?.items
        if (!page) {
          const complaint = complaintOf(answer.error, undefined)
          return setState((now) => ({ ...now, complaint }))
        }
        all.push(...page.edges.map(({ node }) => node))
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
        const complete = after === null
        // A later reading replaces what is shown only when it is whole.
        if (complete || round === 0)
          setState({ items: [...all], total: page.totalCount, complete, complaint: null })
        if (complete) return
      }
    }
    void read()
    return () => {
      gone = true
    }
  }, [client, document, id, round])
  const reload = useCallback(() => setRound((now) => now + 1), [])
  useEffect(() => onReconnected(reload), [reload])
  const set = useCallback(
    (change: (items: readonly Item[]) => readonly Item[]) =>
      setState((now) => ({ ...now, items: now.items && change(now.items) })),
    [],
  )
  return { ...state, reload, set }
}
