// GraphQL over HTTP, and followers of an evaluation over WebSocket that connect again.
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** The data of an answer. @throws with the errors' sentences */
export async function graphql(url, query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
  return data
}

const progress = `subscription($id: ID!) {
  evaluationProgress(evaluationId: $id) { version state done total failed } }`

/** Follows an evaluation until its stream ends; `seen` has what came, each with the time. */
export function followEvaluation(url, id) {
  const seen = []
  const connected = []
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 1_000,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800)),
    shouldRetry: () => true,
    on: { connected: () => connected.push(Date.now()) },
  })
  const ended = new Promise((resolve, reject) => {
    client.subscribe(
      { query: progress, variables: { id } },
      {
        next: ({ data }) => data && seen.push({ ...data.evaluationProgress, at: Date.now() }),
        error: reject,
        complete: resolve,
      },
    )
  })
  ended.catch(() => {})
  return { seen, connected, ended, close: () => client.dispose() }
}
