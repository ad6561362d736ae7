// Whether the API answers: a small store that the client writes and the banner reads.
export type ConnectionState = 'connected' | 'lost'

type Listener = () => void

let state: ConnectionState = 'connected'
const listeners = new Set<Listener>()
const reconnected = new Set<Listener>()

export function readConnection(): ConnectionState {
  return state
}

export function setConnection(next: ConnectionState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
  if (next === 'connected') for (const listener of reconnected) listener()
}

export function onConnectionChange(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Called each time the API answers again after it was lost. */
export function onReconnected(listener: Listener): () => void {
  reconnected.add(listener)
  return () => reconnected.delete(listener)
}

const changed = new Set<Listener>()

/** The API closed the socket because who it belongs to lost what they had: a link revoked, a session ended, a role changed. */
export function announceRights(): void {
  for (const listener of changed) listener()
}

export function onRightsChanged(listener: Listener): () => void {
  changed.add(listener)
  return () => changed.delete(listener)
}
