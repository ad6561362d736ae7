// The websocket of the subscriptions: its address comes from the server, its code is loaded on first use.
import type { Client } from 'graphql-ws'

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
  })
}
