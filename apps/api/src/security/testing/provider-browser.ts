// A browser that goes off to a provider and comes back, as far as the API sees it.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { asCookies, setUpOwner } from '../../testing/test-people.js'
import type { Headers, TestPerson } from '../../testing/test-people.js'
import { startOidcProvider } from './oidc-provider.js'
import type { OidcProvider } from './oidc-provider.js'

type Server = Readonly<{ url: string }>

export interface Start {
  readonly status: number
  readonly cookies: string
  readonly body: { readonly url?: string; readonly code?: string }
}

/** A server with accounts that was set up with this provider. */
export const startWithOidc = ({ issuer, client }: OidcProvider) =>
  startTestApi({
    singleUser: false,
    variables: {
      ...{ IMPRINT_OIDC_ISSUER: issuer, IMPRINT_OIDC_ID: client.id },
      IMPRINT_OIDC_SECRET: client.secret,
    },
  })

export interface ProviderPlace {
  readonly provider: OidcProvider
  readonly api: TestApi
  readonly owner: TestPerson
}

/** For a file of tests: a provider, a server that was set up with it, its owner. Each test finds the provider well and no attempt counted. */
export function withOidc(found: (place: ProviderPlace) => void): void {
  let place: ProviderPlace
  beforeAll(async () => {
    const provider = await startOidcProvider()
    const api = await startWithOidc(provider)
    place = { provider, api, owner: await setUpOwner(api) }
    found(place)
  })
  afterAll(async () => {
    await place.api.stop()
    await place.provider.stop()
  })
  beforeEach(async () => {
    place.provider.fault = 'none'
    await place.api.database.prisma.$executeRaw`DELETE FROM security.sign_in_limit`
  })
}

/** Presses the button: asks for the provider's address. */
export async function begin(
  { url }: Server,
  path: 'sign-in/social' | 'link-social',
  question: object,
  headers: Headers = {},
): Promise<Start> {
  const answer = await fetch(`${url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(question),
  })
  const cookies = asCookies(answer.headers.getSetCookie())
  return { status: answer.status, cookies, body: (await answer.json()) as Start['body'] }
}

/** The way back from the provider: the place in our pages, and the cookie of a new session. */
export async function arrive({ url }: Server, back: URL, cookie: string) {
  const answer = await fetch(`${url}${back.pathname}${back.search}`, {
    ...{ headers: { cookie }, redirect: 'manual' },
  })
  const own = answer.headers.getSetCookie().filter((line) => /session_token=[^;]/.test(line))
  const place = answer.headers.get('location') ?? ''
  return { status: answer.status, place, cookies: asCookies(own) }
}
