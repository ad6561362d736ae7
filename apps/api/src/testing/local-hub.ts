// A hub on this machine for tests: the routes a download asks for, over directories; it can be slow, cut off, or refuse.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

export interface Repository {
  readonly directory: string
  /** Bytes a second of files; as fast as it goes when absent. */
  pace?: number
  /** The first answer for each file ends after so many bytes. */
  cutOffAt?: number
  /** Every request is answered with this status. */
  status?: number
}

export interface LocalHub {
  readonly url: string
  readonly repositories: Map<string, Repository>
  readonly requests: {
    readonly path: string
    readonly range: string | undefined
    readonly token: string | undefined
  }[]
  stop(): Promise<void>
}

const commit = '0123456789abcdef0123456789abcdef01234567'
const tickMilliseconds = 50

export async function startLocalHub(): Promise<LocalHub> {
  const repositories = new Map<string, Repository>()
  const requests: LocalHub['requests'] = []
  const served = new Set<string>()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://hub')
    const { range, authorization } = request.headers
    requests.push({ path: pathname, range, token: authorization })
    const [, api, name = '', rest = ''] =
      /^(\/api\/models)?\/([^/]+\/[^/]+)\/(.*)$/.exec(pathname) ?? []
    const repository = repositories.get(name)
    if (repository === undefined) return end(response, 404, { 'x-error-code': 'RepoNotFound' })
    if (repository.status !== undefined) return end(response, repository.status)
    if (api !== undefined) return sendJson(response, describe(repository, rest))
    const first = !served.has(pathname)
    served.add(pathname)
    sendFile(request, response, repository, { file: rest.split('/').slice(2).join('/'), first })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, repositories, requests, stop }
}

function describe({ directory }: Repository, route: string): unknown {
  if (route.startsWith('revision/')) return { sha: commit }
  return readdirSync(directory).map((name) => {
    const bytes = readFileSync(path.join(directory, name))
    const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    const lfs = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length }
    const large = name.endsWith('.safetensors') || name.endsWith('.gguf')
    return { type: 'file', path: name, size: bytes.length, oid, ...(large ? { lfs } : {}) }
  })
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { directory, pace, cutOffAt }: Repository,
  { file, first }: { readonly file: string; readonly first: boolean },
): void {
  const bytes = readFileSync(path.join(directory, path.basename(file)))
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
    'content-length': bytes.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (first && cutOffAt !== undefined && bytes.length > cutOffAt) {
    response.write(bytes.subarray(from, cutOffAt), () => response.destroy())
    return
  }
  if (pace === undefined) return void response.end(bytes.subarray(from))
  const step = Math.max(1, Math.round((pace * tickMilliseconds) / 1_000))
  let at = from
  const timer = setInterval(() => {
    if (response.destroyed || at >= bytes.length) {
      clearInterval(timer)
      return void response.end()
    }
    response.write(bytes.subarray(at, at + step))
    at += step
  }, tickMilliseconds)
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end()
}
