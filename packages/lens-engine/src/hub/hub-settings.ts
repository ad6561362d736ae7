// A caller's options and the environment -> where the hub is, who asks, and how patient to be.
import { lookup as lookUp } from 'node:dns'
import { statfsSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { LensEngineError } from '../errors.js'
import type { DownloadOptions } from './download-options.js'
import { isPrivateAddress } from './private-address.js'

/** How the world outside is seen; tests put their own in its place. */
export interface HubConditions {
  readonly environment: NodeJS.ProcessEnv
  readonly lookup: LookupFunction
  /** Whether a host that is not the endpoint's may have this address. */
  readonly isPrivate: (address: string) => boolean
  /** Free bytes of the disk that holds a directory; null where that is not known. */
  readonly freeBytes: (directory: string) => number | null
  readonly connectMs: number
  /** Longest silence of a connection. */
  readonly stallMs: number
  /** Longest time for an answer that is no file. */
  readonly answerMs: number
  /** Attempts in a row that bring nothing new. */
  readonly attempts: number
  /** First pause between attempts; each next is twice as long. */
  readonly pauseMs: number
  /** Longest pause a hub may ask for. */
  readonly longestPauseMs: number
}

export const usualConditions: HubConditions = {
  environment: process.env,
  lookup: lookUp as LookupFunction,
  isPrivate: isPrivateAddress,
  freeBytes(directory) {
    try {
      const { bavail, bsize } = statfsSync(directory)
      return bavail * bsize
    } catch {
      return null
    }
  },
  connectMs: 15_000,
  stallMs: 30_000,
  answerMs: 60_000,
  attempts: 5,
  pauseMs: 500,
  longestPauseMs: 60_000,
}

/** Everything a request to the hub needs to know. */
export interface HubSettings {
  readonly endpoint: URL
  readonly token: string | null
  readonly offline: boolean
  readonly signal: AbortSignal | null
  readonly conditions: HubConditions
}

const publicHub = 'https://huggingface.co'
const trueWords = ['1', 'on', 'yes', 'true']

/** @throws BAD_ARGUMENT for an endpoint that is no http address, or a token that cannot be a header */
export function readHubSettings(
  options: Pick<DownloadOptions, 'endpoint' | 'token' | 'offline' | 'signal'>,
  conditions: HubConditions,
): HubSettings {
  const { HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE } = conditions.environment
  return {
    endpoint: readEndpoint(options.endpoint ?? nonEmpty(HF_ENDPOINT) ?? publicHub),
    token: readToken(options.token ?? HF_TOKEN),
    offline: options.offline ?? trueWords.includes(HF_HUB_OFFLINE?.trim().toLowerCase() ?? ''),
    signal: options.signal ?? null,
    conditions,
  }
}

/** The part of the endpoint before `/api` and `/owner/name`, without a slash at its end. */
export function endpointBase({ endpoint }: Pick<HubSettings, 'endpoint'>): string {
  return `${endpoint.origin}${endpoint.pathname.replace(/\/+$/, '')}`
}

function readEndpoint(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  const fault =
    url === null || !['http:', 'https:'].includes(url.protocol)
      ? 'it is no http or https address'
      : url.username !== '' || url.password !== ''
        ? 'it holds a user name or password'
        : null
  if (url !== null && fault === null) return url
  const shown = url === null ? text.slice(0, 80) : `${url.protocol}//${url.host}`
  throw new LensEngineError(
    'BAD_ARGUMENT',
    `the hub’s address ${JSON.stringify(shown)}: ${fault}`,
    {
      details: { endpoint: shown },
      cure: `Set HF_ENDPOINT to an address such as ${publicHub}, or unset it; a token goes into HF_TOKEN.`,
    },
  )
}

function readToken(text: string | undefined): string | null {
  const token = text?.trim() ?? ''
  if (token === '') return null
  if (/^[\x21-\x7e]{1,1000}$/.test(token)) return token
  throw new LensEngineError('BAD_ARGUMENT', 'the access token holds characters no token has', {
    details: { length: token.length },
    cure: 'Set HF_TOKEN to the token alone, without spaces, quotes or line ends.',
  })
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text
}
