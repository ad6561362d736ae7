// The urql client: queries and mutations over HTTP to this page's own origin, subscriptions over a websocket to the API.
import {
  cacheExchange,
  Client,
  fetchExchange,
  mapExchange,
  ssrExchange,
  subscriptionExchange,
} from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { setConnection } from './connection'
import { patientFetch } from './patient-fetch'
import { firstRefusal, inPlainWords, showRefusal } from './refusals'
import { openSocket } from './socket'
import { keepWantedProject } from './wanted-project'

let socket: Promise<SocketClient> | null = null

/** The socket opens with the first subscription, so that pages without one never load its code. */
function connectSocket(): Promise<SocketClient> {
  socket ??= openSocket()
  return socket
}

const subscriptions = subscriptionExchange({
  forwardSubscription(request) {
    return {
      subscribe(sink) {
        let stop: (() => void) | null = null
        let stopped = false
        void connectSocket().then((client) => {
          if (stopped) return
          stop = client.subscribe(
            { query: request.query ?? '', variables: request.variables ?? {} },
            {
              next: (value) => sink.next(value as Parameters<typeof sink.next>[0]),
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          )
        })
        return {
          unsubscribe() {
            stopped = true
            stop?.()
          },
        }
      },
    }
  },
})

const watchConnection = mapExchange({
  onResult(result) {
    if (result.operation.kind === 'subscription') return
    setConnection(result.error?.networkError ? 'lost' : 'connected')
    const refusal = firstRefusal(result.error)
    if (refusal === null || !result.error) return
    // What a page asks for by itself says so in its own place; what a person wanted is answered where they look.
    const { kind, context } = result.operation
    if (kind === 'mutation' && context.automatic !== true) showRefusal(refusal)
    return { ...result, error: inPlainWords(result.error) }
  },
})

/** `answers` takes what came with the page; each is given out once, in place of a request. */
export function createClient() {
  keepWantedProject()
  const answers = ssrExchange({ isClient: true })
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { headers: { 'apollo-require-preflight': 'true' } },
    fetch: (input, init) => patientFetch(input, init),
    exchanges: [watchConnection, cacheExchange, answers, fetchExchange, subscriptions],
  })
  return { client, answers }
}
