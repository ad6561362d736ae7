// One request -> its answer: with the key, tried again when the server asks to wait, errors with their codes.
import { setTimeout as sleep } from 'node:timers/promises'
import { ImprintError } from './errors.js'
import type { TypedText } from './typed-text.js'

export interface ClientOptions {
  /** Of the pages or of the API: `http://localhost:3000`. */
  readonly url: string
  /** An API key, `lens_live_…`; none on a server of one user. */
  readonly key?: string | undefined
  /** Id of a project; the key’s own when absent. */
  readonly project?: string | undefined
  /** How often a refused or lost request is sent again; 5 when absent. */
  readonly retries?: number | undefined
  /** Another `fetch`, for tests and proxies. */
  readonly fetch?: typeof fetch | undefined
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether it may be sent again after the connection broke: reading may, and writing that names itself. */
  readonly repeatable?: boolean | undefined
}

interface Asked {
  readonly path: string
  readonly init: RequestInit
  readonly repeatable: boolean
}

interface GraphqlBody {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

/** The server did nothing yet and says when to come back. */
const askedToWait = new Set([429, 503])
const longestPause = 60_000

export class Transport {
  readonly #options: ClientOptions
  readonly #base: string

  constructor(options: ClientOptions) {
    this.#options = options
    this.#base = options.url.replace(/\/+$/, '')
  }

  /** Sends any operation. @throws ImprintError */
  async request<Result, Variables>(
    document: TypedText<Result, Variables>,
    variables: Variables,
    { signal, repeatable = !document.startsWith('mutation') }: RequestOptions = {},
  ): Promise<Result> {
    const body = JSON.stringify({ query: document, variables })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body, ...(signal && { signal }) }
    const response = await this.send({ path: '/graphql', init, repeatable })
    const answer = await readJson<GraphqlBody>(response)
    const [error] = answer.errors ?? []
    if (error !== undefined) throw graphqlError(error, response.status)
    if (answer.data === undefined || answer.data === null) throw badAnswer(response.status)
    return answer.data as Result
  }

  /** A file of the server. @throws ImprintError */
  async file(path: string, signal?: AbortSignal): Promise<Response> {
    for (;;) {
      const init = signal === undefined ? {} : { signal }
      const response = await this.send({ path, init, repeatable: true })
      if (response.status !== 202) return refuseBad(response)
      await response.body?.cancel()
      await pause(secondsToWait(response, 0), signal)
    }
  }

  async upload(bytes: Uint8Array<ArrayBuffer> | string, name: string): Promise<string> {
    const headers = { 'content-type': 'application/octet-stream', 'x-imprint-upload': '1' }
    const path = `/api/uploads?name=${encodeURIComponent(name)}`
    const init = { method: 'POST', headers, body: bytes }
    const response = await refuseBad(await this.send({ path, init, repeatable: false }))
    return (await readJson<{ readonly id: string }>(response)).id
  }

  /** Sends it, again when the server was too busy, or when the connection broke and sending twice does no harm. */
  async send({ path, init, repeatable }: Asked): Promise<Response> {
    const { retries = 5, fetch: send = fetch } = this.#options
    const headers = { ...this.#headers(), ...(init.headers as Record<string, string>) }
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= retries
      try {
        const response = await send(this.#base + path, { ...init, headers })
        if (last || !askedToWait.has(response.status)) return response
        await response.body?.cancel()
        await pause(secondsToWait(response, attempt), init.signal)
      } catch (error) {
        if (init.signal?.aborted || error instanceof ImprintError) throw error
        if (last || !repeatable) throw unreachable(this.#base, error)
        await pause(2 ** attempt / 4, init.signal)
      }
    }
  }

  #headers(): Record<string, string> {
    const { key, project } = this.#options
    return {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(project ? { 'x-imprint-project': project } : {}),
    }
  }
}

/** By Retry-After in seconds or as a date; without one longer each time. */
function secondsToWait(response: Response, attempt: number): number {
  const header = response.headers.get('retry-after')
  if (header === null) return 2 ** attempt / 4
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  return Math.max(0, (Date.parse(header) - Date.now()) / 1_000 || 1)
}

const pause = async (seconds: number, signal?: AbortSignal | null): Promise<void> => {
  const milliseconds = Math.min(longestPause, seconds * 1_000)
  await sleep(milliseconds, undefined, signal ? { signal } : {})
}

async function readJson<Value>(response: Response): Promise<Value> {
  try {
    return (await response.json()) as Value
  } catch (error) {
    throw badAnswer(response.status, error)
  }
}

async function refuseBad(response: Response): Promise<Response> {
  if (response.ok) return response
  const { code, message, cure } = await readJson<Record<string, string | undefined>>(response)
  throw new ImprintError(code ?? 'BAD_ANSWER', message ?? `HTTP ${response.status}`, {
    ...{ cure, status: response.status },
  })
}

function graphqlError(
  { message, extensions = {} }: NonNullable<GraphqlBody['errors']>[number],
  status: number,
): ImprintError {
  const text = (name: string) =>
    typeof extensions[name] === 'string' ? (extensions[name] as string) : null
  return new ImprintError(text('code') ?? 'BAD_ANSWER', message, {
    ...{ cure: text('cure'), field: text('field'), status },
  })
}

const badAnswer = (status: number, cause?: unknown): ImprintError =>
  new ImprintError('BAD_ANSWER', `The answer (HTTP ${status}) is not one of Imprint’s.`, {
    ...{ status, cause, cure: 'Check the address: it is that of the pages or of the API.' },
  })

const unreachable = (url: string, cause: unknown): ImprintError =>
  new ImprintError('UNREACHABLE', `${url} does not answer.`, {
    ...{ cause, cure: 'Check the address and that the server runs.' },
  })
