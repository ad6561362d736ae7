// How much of the inbox is unread: one subscription for the whole page, shared by the bell and the inbox.
import { useEffect, useSyncExternalStore } from 'react'
import { useClient, type Client } from 'urql'
import { TalkInboxChangedDocument } from '../../graphql/generated/graphql'
import { useMe } from '../account/me'

export interface InboxNews {
  readonly unread: number | null
  /** Grows with each change, for lists that read again. */
  readonly changes: number
  /** What arrived while the page is open. */
  readonly newest: string | null
}

/** The socket waits until the page has what it came for. */
const SETTLE_MS = 1500

let news: InboxNews = { unread: null, changes: 0, newest: null }
let followers = 0
let stop: (() => void) | null = null
const listeners = new Set<() => void>()

export function setUnread(unread: number, newest: string | null = null): void {
  news = { unread, changes: news.changes + 1, newest }
  for (const listener of listeners) listener()
}

function follow(client: Client): () => void {
  followers += 1
  if (!stop) {
    let first = true
    const timer = setTimeout(() => {
      const { unsubscribe } = client
        .subscription(TalkInboxChangedDocument, {})
        .subscribe(({ data }) => {
          if (!data) return
          const { unread, newest } = data.inboxChanged
          const arrived = !first && newest && !newest.readAt && unread > (news.unread ?? 0)
          first = false
          setUnread(unread, arrived ? newest.title : null)
        })
      stop = unsubscribe
    }, SETTLE_MS)
    stop = () => clearTimeout(timer)
  }
  return () => {
    followers -= 1
    if (followers > 0) return
    stop?.()
    stop = null
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const EMPTY: InboxNews = { unread: null, changes: 0, newest: null }

export function useInboxNews(): InboxNews {
  const client = useClient()
  const me = useMe()
  const current = useSyncExternalStore(
    subscribe,
    () => news,
    () => EMPTY,
  )
  const known = Boolean(me?.person)
  useEffect(() => (known ? follow(client) : undefined), [client, known])
  return { ...current, unread: current.unread ?? me?.unreadInbox ?? null }
}
