// How GraphiQL asks: queries and mutations over HTTP through this origin, subscriptions over the websocket.
import type { FormattedExecutionResult } from 'graphql'
import type { Client } from 'graphql-ws'
import { openSocket } from '../../graphql/socket'

export interface Asked {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: unknown
}

export function isSubscription({ query, operationName }: Asked): boolean {
  const operations = [
    ...query.replace(/#[^\n]*/g, '').matchAll(/\b(query|mutation|subscription)\b\s*(\w*)/g),
  ]
  const chosen = operationName
    ? operations.find((match) => match[2] === operationName)
    : operations[0]
  return chosen?.[1] === 'subscription'
}

async function post(
  asked: Asked,
  headers: Readonly<Record<string, unknown>>,
): Promise<FormattedExecutionResult> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    body: JSON.stringify(asked),
  })
  return (await response.json()) as FormattedExecutionResult
}

export function createFetcher() {
  let socket: Promise<Client> | null = null
  return async (
    asked: Asked,
    options?: { readonly headers?: Readonly<Record<string, unknown>> },
  ) => {
    if (!isSubscription(asked)) return post(asked, options?.headers ?? {})
    socket ??= openSocket()
    const { query, operationName, variables } = asked
    return (await socket).iterate({
      query,
      ...(operationName ? { operationName } : {}),
      ...(variables ? { variables: variables as Record<string, unknown> } : {}),
    })
  }
}
