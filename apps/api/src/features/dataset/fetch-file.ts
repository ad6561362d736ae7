// An address of an allowed host -> a file. Every hop is checked by name, and again by the address it connects to, so that a
// name cannot change its meaning in between.
import { lookup as lookUp } from 'node:dns'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from '../../engine/dataset-library.js'
import { UserFailure } from '../../errors/user-failure.js'
import { checkAddress } from './dataset-address.js'
import type { AllowedHosts, CheckedAddress } from './dataset-address.js'
import { receiveFile } from './receive-file.js'
import type { ReceivedFile } from './receive-file.js'

export interface FetchOptions {
  readonly address: string
  readonly allowed: AllowedHosts
  /** Final name of the file. */
  readonly path: string
  readonly limit: number
  readonly onBytes: (bytes: number, total: number | null) => void
  readonly signal: AbortSignal
  /** How names are resolved; tests put their own in its place. */
  readonly lookup?: LookupFunction
}

const maximumRedirects = 5
/** Longest silence of a connection, in milliseconds. */
const longestSilence = 30_000
const redirects = new Set([301, 302, 303, 307, 308])

/** @throws UserFailure URL_NOT_ALLOWED, URL_UNREACHABLE, FILE_TOO_LARGE, DISK_FULL, TRANSFER_CUT_OFF; the signal's reason */
export async function fetchFile(options: FetchOptions): Promise<ReceivedFile> {
  let address = options.address
  for (let hop = 0; hop <= maximumRedirects; hop++) {
    const checked = checkAddress(address, options.allowed)
    const answer = await ask(checked, options)
    const { statusCode = 0, headers } = answer
    if (!redirects.has(statusCode)) return receive(answer, checked.url, options)
    answer.destroy()
    if (headers.location === undefined || !URL.canParse(headers.location, address))
      throw unreachable(checked.url, 'it redirects to nowhere')
    address = new URL(headers.location, address).href
  }
  throw unreachable(new URL(address), `it redirects more than ${maximumRedirects} times`)
}

async function receive(
  answer: IncomingMessage,
  url: URL,
  { path, limit, onBytes, signal }: FetchOptions,
): Promise<ReceivedFile> {
  const { statusCode, headers } = answer
  if (statusCode !== 200) {
    answer.destroy()
    throw unreachable(url, `it answers with status ${statusCode}`)
  }
  const length = headers['content-length']
  const expected = length === undefined ? null : Number(length)
  onBytes(0, expected)
  answer.setTimeout(longestSilence, () => answer.destroy(silence(url)))
  return receiveFile(answer, {
    ...{ path, limit, expected, signal },
    onBytes: (bytes) => onBytes(bytes, expected),
  }).finally(() => answer.destroy())
}

function ask(
  { url, mayBePrivate }: CheckedAddress,
  { signal, lookup = lookUp as LookupFunction }: FetchOptions,
): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const transport = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = transport.get(url, {
      // A connection that others opened was not checked, so none is shared.
      agent: false,
      lookup: mayBePrivate ? lookup : publicLookup(url, lookup),
      headers: { 'user-agent': 'imprint', 'accept-encoding': 'identity' },
      signal,
    })
    request.setTimeout(longestSilence, () => request.destroy(silence(url)))
    request.on('response', (response) => {
      // Until someone reads it; a reader sees the failure itself.
      response.on('error', () => undefined)
      resolve(response)
    })
    request.on('error', (error) => {
      if (signal.aborted) return reject(signal.reason as Error)
      reject(error instanceof UserFailure ? error : unreachable(url, codeOf(error)))
    })
  })
}

/** Resolves a name and refuses it when any of its addresses is private; the connection uses the addresses checked here. */
function publicLookup(url: URL, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 4)
      const addresses = typeof found === 'string' ? [] : found
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(privateHost(url), '', 4)
      if (options.all === true) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

const privateHost = ({ host }: URL): UserFailure =>
  new UserFailure('URL_NOT_ALLOWED', `${host} leads to a private address.`, {
    field: 'source',
    cure: 'Upload the file instead.',
  })

const silence = (url: URL): UserFailure =>
  unreachable(url, `it sends nothing for ${longestSilence / 1_000} seconds`)

const unreachable = (url: URL, why: string): UserFailure =>
  new UserFailure('URL_UNREACHABLE', `${url.host} cannot be read: ${why}.`, {
    field: 'source',
    cure: 'Check the address and the network, or download the file yourself and upload it.',
  })

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : 'no connection')
