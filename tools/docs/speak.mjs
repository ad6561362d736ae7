// GraphQL as a script speaks it: operations over HTTP, subscriptions over WebSocket until what is waited for has come.
import assert from 'node:assert/strict'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

const pages = 'http://localhost:3000'

/** The data of an operation; an error of it, or in a payload of it, fails. */
export async function ask({ url, key, cookie }, query, variables = {}) {
  const who = cookie ? { cookie, origin: pages } : { authorization: `Bearer ${key}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...who },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(60_000),
  })
  const { data, errors } = await response.json()
  assert.equal(errors, undefined, JSON.stringify(errors))
  checkPayloads(data)
  return data
}

function checkPayloads(data) {
  for (const [name, value] of Object.entries(data)) {
    assert.notEqual(value, null, `${name} is null`)
    assert.deepEqual(value.errors ?? [], [], name)
  }
}

/** The first message that `isEnd` accepts. */
export async function follow({ url, key }, query, variables, isEnd, milliseconds = 180_000) {
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
  })
  const messages = socket.iterate({ query, variables })
  const late = setTimeout(() => void messages.return(), milliseconds)
  try {
    for await (const { data, errors } of messages) {
      assert.equal(errors, undefined, JSON.stringify(errors))
      if (isEnd(data)) return data
    }
  } finally {
    clearTimeout(late)
    await socket.dispose()
  }
  throw new Error(`the subscription ended without what was waited for: ${query}`)
}
