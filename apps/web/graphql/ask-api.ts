// A question that the server of the pages asks the API for whom it sends a page to.
import { headers } from 'next/headers'
import { apiAddress, toldOf } from './forward'
import { early } from './early'
import type { AnyVariables, TypedDocumentNode } from '@urql/core'

/** A page that waits for longer is better off asking by itself. */
const PATIENCE_MS = 1_500

interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly unknown[]
}

/** null where the API does not answer in time, or answers with an error. */
export async function askApi<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal = AbortSignal.timeout(PATIENCE_MS),
): Promise<Data | null> {
  const told = toldOf(new Headers(await headers()))
  told.set('content-type', 'application/json')
  told.set('apollo-require-preflight', 'true')
  const answer = await fetch(`${apiAddress()}/graphql`, {
    method: 'POST',
    headers: told,
    body: early(document, variables).body,
    cache: 'no-store',
    signal,
  }).catch(() => null)
  const body = (await answer?.json().catch(() => null)) as Answer<Data> | null
  return body?.errors ? null : (body?.data ?? null)
}
