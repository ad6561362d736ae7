// Refuses requests that reached a local server under a foreign name: a page of that name could read the answers.
import type { RequestHandler } from 'express'

/** The name without its port; brackets of IPv6 stay. */
export function hostNameOf(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase()
}

export function isKnownHost(host: string | undefined, allowed: readonly string[]): boolean {
  return allowed.includes(hostNameOf(host))
}

export function requireKnownHost(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const forwarded = request.headers['x-forwarded-host']
    const hosts = [request.headers.host, ...(forwarded === undefined ? [] : [String(forwarded)])]
    if (hosts.every((host) => isKnownHost(host, allowed))) return next()
    const message =
      'This server does not answer under that host name. Set IMPRINT_ALLOWED_HOSTS to add it.'
    response.status(421).json({ errors: [{ message, extensions: { code: 'UNKNOWN_HOST' } }] })
  }
}
