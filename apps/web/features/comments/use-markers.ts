// How many threads hang on a thing and its parts, kept up while the page is open.
import { useCallback, useEffect } from 'react'
import { useClient, useQuery } from 'urql'
import {
  TalkChangesDocument,
  TalkMarkersDocument,
  type AnchorInput,
  type TalkMarkersQuery,
} from '../../graphql/generated/graphql'
import { onReconnected } from '../../graphql/connection'
import { useSameAnchor } from './use-same-anchor'

export type Marker = TalkMarkersQuery['commentMarkers'][number]

const READS = { additionalTypenames: ['Comment'] }
const NONE: readonly Marker[] = []

interface MarkersOptions {
  readonly paused?: boolean
}

/** Calls `reload` whenever somebody said or changed something there or on a part of it. */
export function useTalkNews(anchor: AnchorInput, reload: () => void, paused = false): void {
  const client = useClient()
  useEffect(() => (paused ? undefined : onReconnected(reload)), [reload, paused])
  useEffect(() => {
    if (paused) return
    const { unsubscribe } = client
      .subscription(TalkChangesDocument, { anchor, withParts: true })
      .subscribe(({ data: news }) => {
        if (news && news.commentsChanged.kind !== 'SNAPSHOT') reload()
      })
    return unsubscribe
  }, [client, anchor, reload, paused])
}

export function useMarkers(
  anchor: AnchorInput,
  { paused = false }: MarkersOptions = {},
): readonly Marker[] {
  const asked = useSameAnchor(anchor)
  const [{ data }, execute] = useQuery({
    query: TalkMarkersDocument,
    variables: { anchor: asked },
    requestPolicy: 'cache-and-network',
    context: READS,
    pause: paused,
  })
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useTalkNews(asked, reload, paused)
  return data?.commentMarkers ?? NONE
}

export interface Counted {
  readonly threads: number
  readonly unresolved: number
}

export const sumMarkers = (markers: readonly Marker[]): Counted =>
  markers.reduce(
    (sum, { threads, unresolved }) => ({
      threads: sum.threads + threads,
      unresolved: sum.unresolved + unresolved,
    }),
    { threads: 0, unresolved: 0 },
  )
