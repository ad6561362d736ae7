// Requests of the command line to an Imprint server; what it refuses becomes an error with its code.
import { setTimeout as sleep } from 'node:timers/promises'
import { LensEngineError } from '../errors.js'
import type { ServerLogin } from './server-login.js'

const patience = 60_000
const mostAttempts = 6

interface Refusal {
  readonly code?: string
  readonly message?: string
  readonly cure?: string
}

interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string; readonly cure?: string }
  }[]
}

/** One root field of an operation. @throws SERVER_REFUSED, SERVER_UNREACHABLE */
export async function askServer<Value>(
  login: ServerLogin,
  query: string,
  variables: object = {},
): Promise<Value> {
  const body = JSON.stringify({ query, variables })
  const headers = { 'content-type': 'application/json' }
  const response = await callServer(login, '/graphql', { method: 'POST', headers, body })
  const { data, errors = [] } = (await readJson(login, response)) as GraphqlAnswer
  const [error] = errors
  if (error !== undefined) throw refused({ message: error.message, ...error.extensions })
  const [value] = Object.values(data ?? {}) as { errors?: readonly Refusal[] }[]
  const [mistake] = value?.errors ?? []
  if (mistake !== undefined) throw refused(mistake)
  return value as Value
}

/** A file of the server; one that is being computed is waited for. */
export async function download(login: ServerLogin, path: string): Promise<Buffer> {
  const response = await callServer(login, path, {})
  if (!response.ok) throw refused((await readJson(login, response)) as Refusal)
  return Buffer.from(await response.arrayBuffer())
}

/** The id by which it can be imported. */
export async function upload(login: ServerLogin, bytes: Buffer, name: string): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream', 'x-imprint-upload': '1' }
  const path = `/api/uploads?name=${encodeURIComponent(name)}`
  const init = { method: 'POST', headers, body: Uint8Array.from(bytes) }
  const response = await callServer(login, path, init)
  const answer = (await readJson(login, response)) as Refusal & { readonly id?: string }
  if (answer.id === undefined) throw refused(answer)
  return answer.id
}

/** Comes back when the server asks to wait. */
async function callServer({ url, key }: ServerLogin, path: string, init: RequestInit) {
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` }
  const headers = { ...(init.headers as Record<string, string>), ...authorization }
  for (let attempt = 1; ; attempt += 1) {
    const signal = AbortSignal.timeout(patience)
    const response = await fetch(url + path, { ...init, headers, signal }).catch(
      (cause: unknown) => {
        throw unreachable(url, cause)
      },
    )
    const busy = [202, 429, 503].includes(response.status)
    if (!busy || attempt === mostAttempts) return response
    await response.body?.cancel()
    await sleep(1_000 * Math.min(30, Number(response.headers.get('retry-after')) || 1))
  }
}

async function readJson({ url }: ServerLogin, response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw unreachable(url, cause)
  }
}

const refused = ({ code = 'UNKNOWN', message = 'no reason was given', cure }: Refusal) =>
  new LensEngineError('SERVER_REFUSED', `the server refused (${code}): ${message}`, {
    details: { code },
    cure: cure ?? 'See docs/errors.md for the code.',
  })

const unreachable = (url: string, cause: unknown) =>
  new LensEngineError('SERVER_UNREACHABLE', `${url} does not answer as an Imprint server does`, {
    details: { reason: cause instanceof Error ? cause.message : String(cause) },
    cure: 'Check the address and that the server runs.',
  })
