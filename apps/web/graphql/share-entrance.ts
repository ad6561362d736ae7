// A read-only link: its token becomes a cookie, and the browser is sent to what it shows. Leaving takes the cookie away.
import { apiAddress } from './forward'
import { isPathWithin } from './paths'

const QUERY = '{ me { via project { id } share { path } } }'
const TOKEN = /^[\w-]{8,200}$/
const GONE = '/share/gone'
const LONGEST_COOKIE_SECONDS = 2_592_000

interface Shared {
  readonly via: string
  readonly project: { readonly id: string } | null
  readonly share: { readonly path: string } | null
}

/** A path of these pages, whatever was stored. */
export const pathWithin = (path: string): string => (isPathWithin(path) ? path : '/lens')

function cookie(request: Request, name: string, value: string, seconds: number): string {
  const https =
    new URL(request.url).protocol === 'https:' ||
    request.headers.get('x-forwarded-proto') === 'https'
  const open = name === 'imprint-project' ? '' : '; HttpOnly'
  return `${name}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax${open}${https ? '; Secure' : ''}`
}

function sendTo(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({
    Location: path,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  })
  for (const one of cookies) headers.append('Set-Cookie', one)
  return new Response(null, { status: 303, headers })
}

async function lookUp(token: string): Promise<Shared | null> {
  const answer = await fetch(`${apiAddress()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-imprint-share': token },
    body: JSON.stringify({ query: QUERY }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null)
  const body = (await answer?.json().catch(() => null)) as { data?: { me?: Shared } } | null
  return body?.data?.me ?? null
}

export async function enterShare(request: Request, token: string): Promise<Response> {
  const shared = TOKEN.test(token) ? await lookUp(token) : null
  if (shared?.via !== 'SHARE_LINK' || !shared.share) return sendTo(GONE)
  const cookies = [cookie(request, 'imprint-share', token, LONGEST_COOKIE_SECONDS)]
  // People of the team who open the link see the same project, with what they may do there.
  if (shared.project)
    cookies.push(cookie(request, 'imprint-project', shared.project.id, LONGEST_COOKIE_SECONDS))
  return sendTo(pathWithin(shared.share.path), cookies)
}

export function leaveShare(request: Request): Response {
  return sendTo('/lens', [
    cookie(request, 'imprint-share', '', 0),
    cookie(request, 'imprint-project', '', 0),
  ])
}
