// The newest map of a model's approved edits: asked for, followed while it is computed, cancelled.
import { useCallback, useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import {
  TalkCancelInterferenceDocument,
  TalkInterferenceMapDocument,
  TalkInterferenceProgressDocument,
  TalkMapInterferenceDocument,
} from '../../graphql/generated/graphql'
import { onReconnected } from '../../graphql/connection'
import { complaintOf, type Complaint } from '../edits/complaint'
import { isLive } from '../edits/edit-words'
import type { InterferenceFacts } from './interference-model'

const POLL_MS = 4000
const READS = { additionalTypenames: ['InterferenceMap', 'Review'] }

function useNewest(modelId: string) {
  const [{ data, error }, execute] = useQuery({
    query: TalkInterferenceMapDocument,
    variables: { modelId },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  const [pushed, setPushed] = useState<InterferenceFacts | null>(null)
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const read = data?.interferenceMap ?? null
  const same = pushed !== null && pushed.id === read?.id
  const newer = pushed !== null && (!read || pushed.createdAt > read.createdAt)
  const ahead = same && pushed.progressVersion > read.progressVersion
  const map = (newer || ahead) && pushed.modelId === modelId ? pushed : read
  return { map, known: data !== undefined, put: setPushed, reload, error: data ? undefined : error }
}

export function useInterference(modelId: string) {
  const client = useClient()
  const { map, known, put, reload, error } = useNewest(modelId)
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const id = map?.id ?? null
  const live = map !== null && isLive(map.state)
  useEffect(() => onReconnected(reload), [reload])
  useEffect(() => {
    if (!id || !live) return
    const { unsubscribe } = client
      .subscription(TalkInterferenceProgressDocument, { id })
      .subscribe(({ data }) => data && put(data.interferenceProgress))
    const poll = setInterval(reload, POLL_MS)
    return () => {
      unsubscribe()
      clearInterval(poll)
    }
  }, [client, id, live, put, reload])
  const start = async () => {
    setBusy(true)
    const { data, error: failed } = await client
      .mutation(TalkMapInterferenceDocument, { modelId })
      .toPromise()
    setBusy(false)
    setComplaint(complaintOf(failed, data?.mapInterference.errors))
    if (data?.mapInterference.interferenceMap) put(data.mapInterference.interferenceMap)
  }
  const cancel = async () => {
    if (!id) return
    const { data, error: failed } = await client
      .mutation(TalkCancelInterferenceDocument, { id })
      .toPromise()
    setComplaint(complaintOf(failed, data?.cancelInterference.errors))
    reload()
  }
  return {
    map,
    known,
    live,
    busy,
    complaint: complaint ?? complaintOf(error, undefined),
    start,
    cancel,
  }
}

export type Interference = ReturnType<typeof useInterference>
