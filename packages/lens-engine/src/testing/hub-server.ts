// A small hub on this machine with the routes of the real one: revisions, trees, files, a CDN behind redirects, ranges.
// A test puts its misbehaviour in front of it.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { posix } from 'node:path'

/** A repository as it is published: its commits by revision, and the files of each. */
export interface PublishedRepository {
  /** Branch or tag -> commit, 40 hexadecimal digits. */
  readonly revisions: Readonly<Record<string, string>>
  /** Path -> bytes; the same for every commit. */
  readonly files: Readonly<Record<string, Buffer>>
}

/** Answers in place of the hub; `false` leaves the answer to it. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean

export interface HubServer {
  readonly endpoint: string
  /** Path and query of every request, with its headers, oldest first. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[]
  /** Body bytes sent from the CDN by the hub itself. */
  sentBytes: number
  misbehave: Misbehaviour
  close(): Promise<void>
}

/** Files above this many bytes are kept as large files: sha256 in the tree, bytes from the CDN. */
const largeFileBytes = 4096

export async function startHubServer(
  repositories: Readonly<Record<string, PublishedRepository>>,
): Promise<HubServer> {
  const server = createServer((request, response) => {
    hub.requests.push({ path: request.url ?? '', headers: request.headers })
    if (!hub.misbehave(request, response)) answer(request, response, repositories, hub)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hub: HubServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    sentBytes: 0,
    misbehave: () => false,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return hub
}

/** The checksum a tree lists for small files. */
export function gitObjectId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  return true
}

/** Bytes from the CDN as it sends them: whole, or the range that was asked for when `If-Range` holds. */
export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  etag: string,
  limit = Infinity,
): number {
  const { range, 'if-range': version } = request.headers
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const partial = start > 0 && (version === undefined || version === etag)
  if (partial && start >= bytes.length) {
    response.writeHead(416).end()
    return 0
  }
  const body = partial ? bytes.subarray(start) : bytes
  response.writeHead(partial ? 206 : 200, {
    etag,
    'content-length': body.length,
    ...(partial ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (limit >= body.length) response.end(body)
  // What stands in the buffers must leave before the connection is cut.
  else response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 20))
  return Math.min(limit, body.length)
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  repositories: Readonly<Record<string, PublishedRepository>>,
  hub: HubServer,
): void {
  const url = new URL(request.url ?? '/', hub.endpoint)
  const path = decodeURIComponent(url.pathname)
  const cdn = /^\/cdn\/([0-9a-f]{64})$/.exec(path)?.[1]
  if (cdn !== undefined) {
    const all = Object.values(repositories).flatMap(({ files }) => Object.values(files))
    const bytes = all.find((file) => sha256(file) === cdn)!
    hub.sentBytes += sendBytes(request, response, bytes, `"${cdn}"`)
    return
  }
  const [, name = '', route = '', rest = ''] =
    /^(?:\/api\/models)?\/([^/]+\/[^/]+)\/(revision|tree|resolve)\/(.+)$/.exec(path) ?? []
  const repository = Object.hasOwn(repositories, name) ? repositories[name]! : null
  if (repository === null) return refuse(response, 'RepoNotFound')
  if (route === 'revision') return sendRevision(response, repository, rest)
  const [commit = '', ...parts] = rest.split('/')
  if (!Object.values(repository.revisions).includes(commit))
    return refuse(response, 'RevisionNotFound')
  if (route === 'tree') return sendTree(response, url, hub, repository, parts.join('/'))
  const bytes = repository.files[parts.join('/')]
  if (bytes === undefined) return refuse(response, 'EntryNotFound')
  response.setHeader('x-repo-commit', commit)
  if (!isLarge(bytes)) return void sendBytes(request, response, bytes, `"${gitObjectId(bytes)}"`)
  response.setHeader('x-linked-etag', `"${sha256(bytes)}"`)
  response.setHeader('x-linked-size', bytes.length)
  response.writeHead(302, { location: `/cdn/${sha256(bytes)}?signature=secret` }).end()
}

function sendRevision(response: ServerResponse, { revisions }: PublishedRepository, asked: string) {
  const sha = revisions[asked] ?? Object.values(revisions).find((commit) => commit === asked)
  if (sha === undefined) return refuse(response, 'RevisionNotFound')
  sendJson(response, 200, { sha, private: false, gated: false })
}

/** Two entries to a page, so that pages are followed. */
const pageSize = 2

function sendTree(
  response: ServerResponse,
  url: URL,
  hub: HubServer,
  { files }: PublishedRepository,
  folder: string,
): void {
  const here = (path: string) => posix.dirname(path) === (folder === '' ? '.' : folder)
  const listed = Object.entries(files).filter(([path]) => here(path))
  const folders = Object.keys(files).map(posix.dirname).filter(here)
  const entries = [
    ...[...new Set(folders)]
      .filter((path) => path !== '.')
      .map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
    ...listed.map(([path, bytes]) => describeFile(path, bytes)),
  ]
  if (entries.length === 0) return refuse(response, 'EntryNotFound')
  const start = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(start + pageSize))
  if (start + pageSize < entries.length)
    response.setHeader('link', `<${hub.endpoint}${next.pathname}${next.search}>; rel="next"`)
  sendJson(response, 200, entries.slice(start, start + pageSize))
}

function describeFile(path: string, bytes: Buffer) {
  const entry = { type: 'file', oid: gitObjectId(bytes), size: bytes.length, path }
  return isLarge(bytes)
    ? { ...entry, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } }
    : entry
}

function isLarge(bytes: Buffer): boolean {
  return bytes.length > largeFileBytes
}

function refuse(response: ServerResponse, code: string): void {
  response.setHeader('x-error-code', code)
  sendJson(response, 404, { error: code })
}
