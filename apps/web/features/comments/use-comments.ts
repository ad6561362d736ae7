// The threads of a place: read once, then kept up by the subscription; what is sent shows at once and is kept until it arrived.
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useClient, useQuery } from 'urql'
import {
  TalkChangesDocument,
  TalkCommentsDocument,
  TalkDeleteDocument,
  TalkEditDocument,
  TalkReactDocument,
  TalkResolveDocument,
  TalkSendDocument,
  type AnchorInput,
} from '../../graphql/generated/graphql'
import { onReconnected } from '../../graphql/connection'
import { complaintOf, type Complaint } from '../edits/complaint'
import { placeName } from './anchors'
import { keepUnsent, readUnsent } from './drafts'
import {
  announce,
  dropComment,
  findComment,
  putComment,
  reactLocally,
  type CommentFacts,
  type Thread,
  type Unsent,
} from './thread-model'
import { useSameAnchor } from './use-same-anchor'

type Event =
  | { readonly kind: 'read'; readonly threads: readonly Thread[] }
  | { readonly kind: 'put'; readonly comment: CommentFacts | Thread }
  | { readonly kind: 'drop'; readonly id: string }

function follow(threads: readonly Thread[] | null, event: Event): readonly Thread[] | null {
  if (event.kind === 'read') return event.threads
  if (threads === null) return null
  return event.kind === 'put' ? putComment(threads, event.comment) : dropComment(threads, event.id)
}

/** A list without comments names no type that the cache could watch. */
const READS = { additionalTypenames: ['Comment'] }

function useThreads(anchor: AnchorInput, withParts: boolean) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: TalkCommentsDocument,
    variables: { anchor, withParts },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  const [threads, change] = useReducer(follow, null)
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const read = data?.comments
  useEffect(() => {
    if (read) change({ kind: 'read', threads: read })
  }, [read])
  const complaint = threads === null && !fetching ? complaintOf(error, undefined) : null
  return { threads, change, reload, complaint }
}

type Change = ReturnType<typeof useThreads>['change']

function useLive(
  anchor: AnchorInput,
  withParts: boolean,
  { change, reload }: { readonly change: Change; readonly reload: () => void },
  me: string | null,
): string {
  const client = useClient()
  const [said, setSaid] = useState('')
  const self = useRef(me)
  useEffect(() => {
    self.current = me
  })
  useEffect(() => {
    let seen = false
    const { unsubscribe } = client
      .subscription(TalkChangesDocument, { anchor, withParts })
      .subscribe(({ data }) => {
        const news = data?.commentsChanged
        if (!news) return
        const { id, kind, comment } = news
        // A second snapshot: the connection was lost in between, and so may have been some news.
        if (kind === 'SNAPSHOT' && seen) reload()
        seen = true
        if (comment) change({ kind: 'put', comment })
        else if (kind === 'DELETED' && id) change({ kind: 'drop', id })
        if (kind === 'ADDED' && comment && comment.author.id !== self.current)
          setSaid(announce(comment))
      })
    return unsubscribe
  }, [client, anchor, withParts, change, reload])
  return said
}

export type CommentActions = ReturnType<typeof useActions>

/** Everything that changes one comment; each returns what was refused, or null. */
function useActions(threads: readonly Thread[] | null, change: Change) {
  const client = useClient()
  const latest = useRef(threads)
  useEffect(() => {
    latest.current = threads
  })
  return useMemo(() => {
    const settle = (
      error: Parameters<typeof complaintOf>[0],
      payload:
        { readonly comment: Thread | null; readonly errors: readonly Complaint[] } | undefined,
    ): Complaint | null => {
      if (payload?.comment) change({ kind: 'put', comment: payload.comment })
      return complaintOf(error, payload?.errors)
    }
    return {
      edit: async (comment: CommentFacts, body: string) => {
        const input = { id: comment.id, version: comment.version, body }
        const { data, error } = await client.mutation(TalkEditDocument, { input }).toPromise()
        return settle(error, data?.editComment)
      },
      remove: async (id: string) => {
        const { data, error } = await client.mutation(TalkDeleteDocument, { id }).toPromise()
        const refused = complaintOf(error, data?.deleteComment.errors)
        if (!refused) change({ kind: 'drop', id })
        return refused
      },
      resolve: async (id: string, resolved: boolean) => {
        const input = { id, resolved }
        const { data, error } = await client.mutation(TalkResolveDocument, { input }).toPromise()
        return settle(error, data?.resolveComment)
      },
      react: async (commentId: string, emoji: string, on: boolean) => {
        const known = findComment(latest.current ?? [], commentId)
        if (known) change({ kind: 'put', comment: reactLocally(known, emoji, on) })
        const input = { commentId, emoji, on }
        const { data, error } = await client.mutation(TalkReactDocument, { input }).toPromise()
        const refused = settle(error, data?.react)
        if (refused && known) change({ kind: 'put', comment: known })
        return refused
      },
    }
  }, [client, change])
}

function useSending(anchor: AnchorInput, place: string, change: Change) {
  const client = useClient()
  const [unsent, setUnsent] = useState<readonly Unsent[]>([])
  useEffect(() => setUnsent(readUnsent(place)), [place])
  const update = useCallback(
    (next: (list: readonly Unsent[]) => readonly Unsent[]) =>
      setUnsent((list) => {
        const changed = next(list)
        keepUnsent(place, changed)
        return changed
      }),
    [place],
  )
  const deliver = useCallback(
    async (one: Unsent) => {
      const { clientMutationId, parentId, body } = one
      const input = { anchor, parentId, body, clientMutationId }
      const { data, error } = await client.mutation(TalkSendDocument, { input }).toPromise()
      const refused = complaintOf(error, data?.comment.errors)
      const others = (list: readonly Unsent[]) =>
        list.filter((other) => other.clientMutationId !== clientMutationId)
      if (data?.comment.comment && !refused) {
        change({ kind: 'put', comment: data.comment.comment })
        update(others)
        return
      }
      const reason = [refused?.message, refused?.cure].filter(Boolean).join(' ')
      update((list) =>
        list.map((other) =>
          other.clientMutationId === clientMutationId
            ? { ...other, state: 'failed', reason }
            : other,
        ),
      )
    },
    [anchor, client, change, update],
  )
  const send = (body: string, parentId: string | null) => {
    const one: Unsent = { clientMutationId: crypto.randomUUID(), parentId, body, state: 'sending' }
    update((list) => [...list, one])
    void deliver(one)
  }
  const retry = (one: Unsent) => {
    update((list) =>
      list.map((other) =>
        other.clientMutationId === one.clientMutationId ? { ...other, state: 'sending' } : other,
      ),
    )
    void deliver(one)
  }
  const forget = (one: Unsent) =>
    update((list) => list.filter((other) => other.clientMutationId !== one.clientMutationId))
  return { unsent, send, retry, forget }
}

export type Sending = ReturnType<typeof useSending>

export function useComments(anchor: AnchorInput, withParts: boolean, me: string | null) {
  const place = placeName(anchor)
  const asked = useSameAnchor(anchor)
  const { threads, change, reload, complaint } = useThreads(asked, withParts)
  const said = useLive(asked, withParts, { change, reload }, me)
  const actions = useActions(threads, change)
  const sending = useSending(asked, place, change)
  return { place, threads, reload, complaint, said, actions, sending }
}

export type Conversation = ReturnType<typeof useComments>
