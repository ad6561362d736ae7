// Passes a request of this origin on to the API; the address is read when a request arrives, not when the pages are built.
const HOP_BY_HOP = [
  'connection',
  'content-length',
  'content-encoding',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]

function passOn(source: Headers): Headers {
  const headers = new Headers(source)
  for (const name of HOP_BY_HOP) headers.delete(name)
  return headers
}

/**
 * What the API is told of the request. The name it was sent to is the browser's own `Host`: Next.js keeps an
 * `X-Forwarded-Host` that was sent along, which a page under a rebound name can write as it likes.
 */
export function toldOf(source: Headers): Headers {
  const headers = passOn(source)
  headers.set('x-forwarded-host', source.get('host') ?? '')
  return headers
}

const isOurs = (path: string): boolean => path === '/graphql' || path.startsWith('/api/')

export function apiAddress(): string {
  return (process.env.IMPRINT_API_URL ?? 'http://127.0.0.1:4000').replace(/\/$/, '')
}

function unreachable(): Response {
  const error = {
    message: 'The API does not answer.',
    extensions: {
      code: 'API_UNREACHABLE',
      cure: 'Start it with `npm start`; this page reconnects by itself.',
    },
  }
  return Response.json({ errors: [error] }, { status: 503 })
}

const isFile = (request: Request): boolean =>
  request.headers.get('content-type') === 'application/octet-stream'

/** A file is passed on as it comes, whatever its size; anything else is small and read whole. */
async function bodyOf(request: Request): Promise<Pick<RequestInit, 'body'>> {
  if (request.method === 'GET' || request.method === 'HEAD') return { body: null }
  if (!isFile(request)) return { body: await request.arrayBuffer() }
  return { body: request.body, duplex: 'half' } as Pick<RequestInit, 'body'>
}

export async function forwardToApi(request: Request): Promise<Response> {
  const url = new URL(request.url)
  // `/api/%2e%2e/metrics` is another path once it is read.
  if (!isOurs(url.pathname)) return new Response(null, { status: 404 })
  try {
    const answer = await fetch(`${apiAddress()}${url.pathname}${url.search}`, {
      method: request.method,
      headers: toldOf(request.headers),
      ...(await bodyOf(request)),
      redirect: 'manual',
      signal: request.signal,
    })
    return new Response(answer.body, { status: answer.status, headers: passOn(answer.headers) })
  } catch {
    return unreachable()
  }
}
