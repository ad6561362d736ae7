// Everything that can go wrong between here and a hub -> a typed error with its cure. Tokens and query strings never enter one.
import { LensEngineError } from '../errors.js'

/** Why a hub could not be reached, in `details.reason`. */
export type UnreachableReason =
  'OFFLINE' | 'CONNECTION' | 'CONNECT_TIMEOUT' | 'STALLED' | 'CUT_OFF' | 'SERVER_ERROR'

/** Why a redirect was not followed, in `details.reason`. */
export type RedirectFault =
  'LOOP' | 'SCHEME' | 'CREDENTIALS' | 'PRIVATE_ADDRESS' | 'UNKNOWN_HOST' | 'NO_ADDRESS'

/** An address as errors show it: without credentials, query and fragment, which can hold secrets. */
export function shownAddress(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 300)
}

const unreachableCures: Readonly<Record<UnreachableReason, string>> = {
  OFFLINE:
    'Run it once with a network: without --offline, and with HF_HUB_OFFLINE unset. Models that are in the store need no hub.',
  CONNECTION: 'Check the network and HF_ENDPOINT, and run again; what arrived is kept.',
  CONNECT_TIMEOUT: 'Check the network and HF_ENDPOINT, and run again; what arrived is kept.',
  STALLED: 'Run again to go on from where it stopped.',
  CUT_OFF: 'Run again to go on from where it stopped.',
  SERVER_ERROR: 'The hub has a problem: run again later; what arrived is kept.',
}

export function hubUnreachable(
  reason: UnreachableReason,
  message: string,
  details: Readonly<Record<string, string | number | null>> = {},
): LensEngineError {
  return new LensEngineError('HUB_UNREACHABLE', message, {
    details: { reason, ...details },
    cure: unreachableCures[reason],
  })
}

export function redirectRefused(fault: RedirectFault, to: string, why: string): LensEngineError {
  return new LensEngineError('HUB_REDIRECT_REFUSED', `the hub redirects to ${to}: ${why}`, {
    details: { reason: fault, to },
    cure: 'Check HF_ENDPOINT. A hub you trust can be named there itself, with its own address.',
  })
}

export function answerInvalid(url: URL, why: string): LensEngineError {
  const address = shownAddress(url)
  return new LensEngineError(
    'HUB_ANSWER_INVALID',
    `the answer of ${address} is not a hub’s: ${why}`,
    {
      details: { address, fault: why },
      cure: 'Check that HF_ENDPOINT is the address of a Hugging Face hub, or of a mirror that answers like one.',
    },
  )
}

export function hubNotFound(
  what: 'repository' | 'revision' | 'file',
  name: string,
  cure: string,
  suggestion: string | null = null,
): LensEngineError {
  return new LensEngineError('HUB_NOT_FOUND', `the hub has no ${what} ${JSON.stringify(name)}`, {
    details: { what, name, suggestion },
    cure,
  })
}

export function accessDenied(
  repository: string,
  status: number,
  withToken: boolean,
): LensEngineError {
  const token = withToken ? 'refuses this access token' : 'wants an access token'
  return new LensEngineError(
    'HUB_ACCESS_DENIED',
    `the hub ${token} for ${repository} (${status})`,
    {
      details: { repository, status, withToken },
      cure: withToken
        ? 'Accept the model’s terms on its page with the account of the token, and check that the token may read it.'
        : 'Accept the model’s terms on its page, make an access token there and set HF_TOKEN to it.',
    },
  )
}

export function rateLimited(seconds: number | null): LensEngineError {
  const when = seconds === null ? 'a while' : `${seconds} seconds`
  return new LensEngineError('HUB_RATE_LIMITED', `the hub asks to wait ${when} (429)`, {
    details: { retryAfterSeconds: seconds },
    cure: `Run again in ${when}; a token in HF_TOKEN raises the limit. What arrived is kept.`,
  })
}

export function damaged(
  file: string,
  reason: 'SIZE' | 'CHECKSUM',
  wanted: string | number,
  found: string | number,
): LensEngineError {
  const what = reason === 'SIZE' ? 'bytes' : 'as its checksum'
  return new LensEngineError(
    'DOWNLOAD_DAMAGED',
    `${file} has ${found} ${what}; the hub lists ${wanted}`,
    {
      details: { file, reason, wanted, found },
      cure: 'Nothing of it was kept: run again. If it fails the same way, the hub’s copy or a proxy on the way is damaged.',
    },
  )
}

export function downloadCancelled(source: string): LensEngineError {
  return new LensEngineError('DOWNLOAD_CANCELLED', `the download of ${source} was stopped`, {
    details: { source },
    cure: 'What arrived is kept: run the same command again to go on from there.',
  })
}
