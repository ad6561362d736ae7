'use client'
// Says that the API does not answer, and asks until it does.
import { useEffect, useSyncExternalStore } from 'react'
import { useClient } from 'urql'
import { onConnectionChange, readConnection } from '../../graphql/connection'
import { ServerReadyDocument } from '../../graphql/generated/graphql'

const EVERY_MS = 2000

export function ConnectionBanner() {
  const state = useSyncExternalStore(onConnectionChange, readConnection, () => 'connected' as const)
  const client = useClient()
  useEffect(() => {
    if (state === 'connected') return
    const timer = setInterval(
      () =>
        void client.query(ServerReadyDocument, {}, { requestPolicy: 'network-only' }).toPromise(),
      EVERY_MS,
    )
    return () => clearInterval(timer)
  }, [state, client])
  if (state === 'connected') return null
  return (
    <div className="banner" role="alert" data-testid="connection-banner">
      <b>The API does not answer.</b> What you typed is kept; this page reconnects by itself. If you
      stopped it, start it with <code>npm start</code>.
    </div>
  )
}
