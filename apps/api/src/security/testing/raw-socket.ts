// Sockets of a test that speak graphql-ws's protocol by hand, so that they can misbehave.
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import type { TestApi } from '../../testing/test-api.js'
import type { Headers } from '../../testing/test-people.js'

export interface RawSocket {
  readonly socket: WebSocket
  /** Messages after the greeting. */
  readonly seen: { readonly type: string; readonly id?: string; readonly payload?: unknown }[]
  /** Code and reason, once it is closed. */
  readonly closed: Promise<string>
  subscribe(id: string, query: string, variables?: object): void
}

/** A socket that said hello; `params` is what it says. */
export function greet(
  api: TestApi,
  headers: Headers,
  params: object = {},
  options: ClientOptions = {},
): RawSocket {
  const socket = new WebSocket(api.webSocketUrl, 'graphql-transport-ws', { headers, ...options })
  const seen: RawSocket['seen'][number][] = []
  const closed = new Promise<string>((resolve) => {
    socket.on('close', (code, reason) => resolve(`closed ${code} ${String(reason)}`.trim()))
  })
  socket.on('error', () => undefined)
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })))
  socket.on('message', (data) => seen.push(JSON.parse(String(data)) as RawSocket['seen'][number]))
  const subscribe = (id: string, query: string, variables: object = {}): void =>
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }))
  return { socket, seen, closed, subscribe }
}

/** One operation over a fresh socket -> the message that comes back, or how it was closed. */
export async function overSocket(
  api: TestApi,
  headers: Headers,
  query: string,
  variables: object = {},
): Promise<string> {
  const { socket, closed, subscribe } = greet(api, headers)
  const answer = new Promise<string>((resolve) =>
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { readonly type: string }
      if (message.type === 'connection_ack') return subscribe('1', query, variables)
      resolve(JSON.stringify(message))
    }),
  )
  const first = await Promise.race([answer, closed])
  socket.terminate()
  return first
}
