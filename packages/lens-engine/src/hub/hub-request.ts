// An address of the hub -> its answer, after checked redirects. The token goes to the endpoint only; a redirect elsewhere
// is checked by name, and again by the address it connects to, so that a name cannot change its meaning in between.
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { engineVersion } from '../engine-version.js'
import { LensEngineError } from '../errors.js'
import { answerInvalid, hubUnreachable, redirectRefused, shownAddress } from './hub-error.js'
import type { HubSettings } from './hub-settings.js'
import { TransientFailure } from './retry.js'

/** The last answer of a chain of redirects. */
export interface HubAnswer {
  /** What was asked for first. */
  readonly asked: URL
  /** What answered in the end. */
  readonly url: URL
  readonly status: number
  readonly body: IncomingMessage
  /** A header of the last answer, or else of one before it, since the endpoint says what its CDN does not. */
  header(name: string): string | null
  /** A header of the last answer. */
  lastHeader(name: string): string | null
}

const maximumRedirects = 6
const redirectStatuses = new Set([301, 302, 303, 307, 308])
/** Where the public hub sends its downloads. */
const publicHubHosts = /(^|\.)(huggingface\.co|hf\.co)$/

/**
 * Asks with GET and follows redirects. The body must be read or destroyed.
 * @throws TransientFailure where another attempt may help; HUB_REDIRECT_REFUSED, HUB_ANSWER_INVALID
 */
export async function askHub(
  address: string,
  settings: HubSettings,
  headers: Readonly<Record<string, string>> = {},
): Promise<HubAnswer> {
  const passed: IncomingMessage[] = []
  let url = new URL(address)
  let trusted = true
  for (let hop = 0; hop <= maximumRedirects; hop++) {
    trusted &&= url.origin === settings.endpoint.origin
    const body = await send(url, settings, trusted, headers)
    passed.unshift(body)
    const status = body.statusCode ?? 0
    if (!redirectStatuses.has(status)) return toAnswer(new URL(address), url, status, passed)
    body.destroy()
    url = nextAddress(url, body.headers.location, settings)
  }
  throw redirectRefused('LOOP', shownAddress(url), `more than ${maximumRedirects} redirects`)
}

function toAnswer(
  asked: URL,
  url: URL,
  status: number,
  passed: readonly IncomingMessage[],
): HubAnswer {
  const read = (from: readonly IncomingMessage[], name: string): string | null => {
    const found = from.map(({ headers }) => headers[name]).find((value) => value !== undefined)
    return Array.isArray(found) ? (found[0] ?? null) : (found ?? null)
  }
  return {
    asked,
    url,
    status,
    body: passed[0]!,
    header: (name) => read(passed, name),
    lastHeader: (name) => read(passed.slice(0, 1), name),
  }
}

/** Where a redirect leads, once it is allowed to. @throws HUB_REDIRECT_REFUSED, HUB_ANSWER_INVALID */
export function nextAddress(from: URL, location: string | undefined, settings: HubSettings): URL {
  if (location === undefined || !URL.canParse(location, from.href))
    throw answerInvalid(from, 'a redirect without an address')
  const to = new URL(location, from)
  const shown = shownAddress(to)
  const schemes = settings.endpoint.protocol === 'http:' ? ['http:', 'https:'] : ['https:']
  if (!schemes.includes(to.protocol))
    throw redirectRefused('SCHEME', shown, `only ${schemes.join(' and ')} addresses are followed`)
  if (to.username !== '' || to.password !== '')
    throw redirectRefused('CREDENTIALS', shown, 'the address holds a user name or password')
  if (to.origin === settings.endpoint.origin) return to
  if (publicHubHosts.test(settings.endpoint.hostname) && !publicHubHosts.test(to.hostname))
    throw redirectRefused('UNKNOWN_HOST', shown, 'the public hub keeps its files on hf.co')
  // A host that is an address is never looked up, so it is checked here; names are checked when they are.
  const literal = to.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && settings.conditions.isPrivate(literal))
    throw redirectRefused('PRIVATE_ADDRESS', shown, 'that is a private address')
  return to
}

function send(
  url: URL,
  settings: HubSettings,
  trusted: boolean,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const { conditions, endpoint, token, signal } = settings
  signal?.throwIfAborted()
  const own = url.origin === endpoint.origin
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      // A connection that others opened was not checked, so none is shared.
      agent: false,
      lookup: own ? conditions.lookup : publicLookup(settings, url),
      headers: {
        'user-agent': `imprint/${engineVersion}`,
        'accept-encoding': 'identity',
        ...headers,
        ...(trusted && token !== null ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(signal === null ? {} : { signal }),
    })
    const giveUp = (reason: 'CONNECT_TIMEOUT' | 'STALLED', ms: number) =>
      setTimeout(() => request.destroy(silence(url, reason, ms)), ms)
    let timer = giveUp('CONNECT_TIMEOUT', conditions.connectMs)
    request.on('finish', () => {
      clearTimeout(timer)
      timer = giveUp('STALLED', conditions.stallMs)
    })
    request.on('response', (response) => {
      clearTimeout(timer)
      // Until someone reads it; a reader sees the failure itself.
      response.on('error', () => {})
      resolve(response)
    })
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(asConnectionFailure(error, url, signal))
    })
  })
}

/** A silence of `ms` milliseconds as a failure that another attempt may mend. */
export function silence(
  url: URL,
  reason: 'CONNECT_TIMEOUT' | 'STALLED',
  ms: number,
): TransientFailure {
  const what = reason === 'STALLED' ? 'sends nothing' : 'does not accept a connection'
  const message = `${url.host} ${what} for ${Math.ceil(ms / 100) / 10} seconds`
  return new TransientFailure(hubUnreachable(reason, message, { host: url.host }))
}

/** Turns what sockets throw into a failure that another attempt may mend; typed errors and aborts pass. */
export function asConnectionFailure(error: unknown, url: URL, signal: AbortSignal | null): unknown {
  if (signal?.aborted === true) return signal.reason
  if (error instanceof TransientFailure || error instanceof LensEngineError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return new TransientFailure(
    hubUnreachable('CONNECTION', `${url.host} cannot be reached (${code})`, {
      host: url.host,
      system: code,
    }),
  )
}

/** Resolves a name and refuses it when any of its addresses is private; the connection uses the addresses checked here. */
function publicLookup({ conditions }: HubSettings, url: URL): LookupFunction {
  return (hostname, options, callback) => {
    conditions.lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 4)
      const addresses = typeof found === 'string' ? [] : found
      const first = addresses[0]
      if (first === undefined || addresses.some(({ address }) => conditions.isPrivate(address)))
        return callback(privateName(url, first === undefined), '', 4)
      if (options.all === true) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

function privateName(url: URL, unknown: boolean): LensEngineError {
  const shown = shownAddress(url)
  return unknown
    ? redirectRefused('NO_ADDRESS', shown, 'the name has no address')
    : redirectRefused('PRIVATE_ADDRESS', shown, 'the name has a private address')
}
