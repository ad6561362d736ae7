// The websocket of the subscriptions: its address comes from the server, its code is loaded on first use.
import type { Client } from 'graphql-ws'
import { announceRights } from './connection'

/** What the API closes a socket with whose rights are no longer what they were. */
const FORBIDDEN = 4403

/** After such an end the page asks anew who it is, and says so. */
export function noticeClosing(event: unknown): void {
  if ((event as { readonly code?: unknown } | null)?.code === FORBIDDEN) announceRights()
}

async function socketAddress(): Promise<string> {
  const response = await fetch('/config.json')
  const config = (await response.json()) as { websocketUrl: string | null; websocketPort: string }
  if (config.websocketUrl) return config.websocketUrl
  const protocol = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return `${protocol}://${window.location.hostname}:${config.websocketPort}/graphql`
}

export async function openSocket(): Promise<Client> {
  const { createClient } = await import('graphql-ws')
  return createClient({
    url: socketAddress,
    lazy: true,
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: { closed: noticeClosing },
  })
}
