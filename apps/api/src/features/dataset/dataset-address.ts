// The allow-list of hosts that data sets may be fetched from, and whether an address is on it.
import { isIP } from 'node:net'
import { isPrivateAddress } from '../../engine/dataset-library.js'
import { UserFailure } from '../../errors/user-failure.js'

/** One entry: `host`, `host:port`, `.host` with all below it (https, public addresses), or `http://host[:port]`, as it is. */
export type AllowedHosts = readonly string[]

export interface CheckedAddress {
  readonly url: URL
  /** Whoever runs the server named this very origin: it may be on a private network. */
  readonly mayBePrivate: boolean
}

/** @throws URL_NOT_ALLOWED with what is wrong and how to allow it */
export function checkAddress(text: string, allowed: AllowedHosts): CheckedAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['https:', 'http:'].includes(url.protocol))
    throw refusal('It is no https address.', 'Write the whole address, from https:// on.')
  if (url.username !== '' || url.password !== '')
    throw refusal(
      'The address holds a user name or password.',
      'Download the file yourself and upload it.',
    )
  if (allowed.includes(url.origin)) return { url, mayBePrivate: true }
  if (url.protocol !== 'https:')
    throw refusal('Only https addresses are fetched.', 'Write https:// in place of http://.')
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && isPrivateAddress(literal))
    throw refusal(`${url.hostname} is a private address.`, cureOf(allowed))
  if (!allowed.some((entry) => names(entry, url)))
    throw refusal(`Data sets are not fetched from ${url.host}.`, cureOf(allowed))
  return { url, mayBePrivate: false }
}

function names(entry: string, { host }: URL): boolean {
  if (entry.startsWith('.')) return host.endsWith(entry) || host === entry.slice(1)
  return entry === host
}

const cureOf = (allowed: AllowedHosts): string =>
  allowed.length === 0
    ? 'Upload the file, or have whoever runs the server name the host in IMPRINT_DATASET_HOSTS.'
    : `Upload the file, use ${allowed.slice(0, 6).join(', ')}, or have the host added to IMPRINT_DATASET_HOSTS.`

const refusal = (message: string, cure: string): UserFailure =>
  new UserFailure('URL_NOT_ALLOWED', message, { field: 'source', cure })
