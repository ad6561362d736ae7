// What the server of the pages asks the API before it sends a page: documents and variables -> answers that the page's client finds.
import { createRequest, type AnyVariables, type SSRData, type TypedDocumentNode } from '@urql/core'
import { headers } from 'next/headers'
import { askApi } from './ask-api'

/** A page is not held up for longer by all its questions; what is late it asks by itself. */
const PATIENCE_MS = 600

export class Ahead {
  readonly answers: SSRData = {}
  readonly #late = AbortSignal.timeout(PATIENCE_MS)

  /** null where the API does not answer in time, or answers with an error. */
  async ask<Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data | null> {
    const data = await askApi(document, variables, this.#late)
    const { key } = createRequest<Data, Variables>(document, variables)
    if (data !== null) this.answers[key] = { data: JSON.stringify(data) }
    return data
  }
}

/** As a route gets it. */
export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>

/**
 * What the address of a page says, where the server may ask for its reader; null where the page asks by itself: within Imprint
 * only parts of pages are sent, and the browser has its own answers; and who names a project is another reader than the one
 * whose cookies came with this request.
 */
export async function questionAhead(searchParams: SearchParams): Promise<URLSearchParams | null> {
  const said = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const query = new URLSearchParams(said)
  const whole = (await headers()).get('sec-fetch-dest') !== 'empty'
  return whole && !query.has('project') ? query : null
}
