// What a page asks first, asked while its scripts are still on their way: documents -> requests, which early-script.ts sends.
import {
  createRequest,
  formatDocument,
  makeOperation,
  type AnyVariables,
  type TypedDocumentNode,
} from '@urql/core'
import { makeFetchBody, makeFetchOptions } from '@urql/core/internal'

/** A request to the word as the client will send it: its answer is found by it. */
export interface EarlyAsk {
  readonly body: string
  /** Sent only where the address has no question: with one the page asks for something else. */
  readonly plain: boolean
}

const context = { url: '/graphql', requestPolicy: 'network-only', preferGetMethod: false } as const

/** Stands in variables for what the address says under this name; where it says nothing, nothing is asked. */
export const fromAddress = (name: string): string => `?${name}`

export function early<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): EarlyAsk {
  const request = createRequest<Data, Variables>(document, variables)
  const query = formatDocument(request.query as TypedDocumentNode) as typeof request.query
  const asked = { ...request, query }
  const { body } = makeFetchOptions(makeOperation('query', asked, context), makeFetchBody(asked))
  return { body: String(body), plain: false }
}

/** For variables that hold while the address has no question. */
export function earlyIfPlain<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): EarlyAsk {
  return { ...early(document, variables), plain: true }
}
