// One set of figures, followed while it is computed.
import { useCallback, useEffect } from 'react'
import { useQuery, useSubscription } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { FigureSetDocument, FigureSetProgressDocument } from '../../graphql/generated/graphql'
import { isLive } from '../edits/edit-words'

const POLL_MS = 5000

export function useFigureSet(id: string) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: FigureSetDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const found = data?.figureSet ?? null
  const live = found !== null && isLive(found.state)
  const [{ data: pushed }] = useSubscription({
    query: FigureSetProgressDocument,
    variables: { id },
    pause: !live,
  })
  const progress = pushed?.figureSetProgress ?? null
  const ended = live && progress !== null && !isLive(progress.state)
  useEffect(() => {
    if (ended) reload()
  }, [ended, reload])
  useEffect(() => {
    if (!live) return
    const poll = setInterval(reload, POLL_MS)
    return () => clearInterval(poll)
  }, [live, reload])
  const newer = live && progress !== null && found !== null && progress.version > found.version
  return {
    set: newer ? { ...found, ...progress } : found,
    live,
    missing: data !== undefined && data.figureSet === null && !fetching,
    error,
    reload,
  }
}
