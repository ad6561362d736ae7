// The hub's interface: a revision -> its commit, and a folder of a commit -> its files with sizes and checksums.
import { LensEngineError } from '../errors.js'
import {
  accessDenied,
  answerInvalid,
  hubNotFound,
  hubUnreachable,
  rateLimited,
  shownAddress,
} from './hub-error.js'
import { isDigest, type Checksum } from './file-checksum.js'
import { askHub, asConnectionFailure, silence, type HubAnswer } from './hub-request.js'
import { endpointBase, type HubSettings } from './hub-settings.js'
import type { HubSource } from './model-source.js'
import { readRetryAfter, TransientFailure, withRetries } from './retry.js'

/** A file of a repository. */
export interface HubFile {
  /** From the repository's root. */
  readonly path: string
  readonly bytes: number
  readonly checksum: Checksum
}

const maximumAnswerBytes = 16 * 2 ** 20
const maximumPages = 50
const maximumFiles = 50_000

/** The commit a revision is now. @throws HUB_NOT_FOUND, HUB_ACCESS_DENIED, HUB_UNREACHABLE, HUB_ANSWER_INVALID, ... */
export async function fetchCommit(source: HubSource, settings: HubSettings): Promise<string> {
  const revision = encodeURIComponent(source.revision ?? 'main')
  const address = `${endpointBase(settings)}/api/models/${source.repository}/revision/${revision}`
  const { json, url } = await fetchJson(address, source, settings)
  const commit = isRecord(json) ? json['sha'] : undefined
  if (isDigest('git-sha1', commit)) return commit
  throw answerInvalid(url, 'it has no commit "sha" of 40 hexadecimal digits')
}

/** The files of one folder (`''` is the root). @throws as `fetchCommit`; HUB_ANSWER_INVALID for a path that leaves it */
export async function fetchFolder(
  source: HubSource,
  commit: string,
  folder: string,
  settings: HubSettings,
): Promise<readonly HubFile[]> {
  const place = folder === '' ? '' : `/${folder.split('/').map(encodeURIComponent).join('/')}`
  const base = `${endpointBase(settings)}/api/models/${source.repository}/tree/${commit}${place}`
  const files: HubFile[] = []
  let next: string | null = base
  for (let page = 0; next !== null; page++) {
    const { json, url, link }: JsonAnswer = await fetchJson(next, source, settings)
    if (!Array.isArray(json)) throw answerInvalid(url, 'the list of files is not an array')
    files.push(...json.flatMap((entry) => readEntry(entry, url)))
    next = nextPage(link, url, settings)
    if (page >= maximumPages || files.length > maximumFiles)
      throw answerInvalid(url, `it lists more than ${maximumFiles} files`)
  }
  return files
}

/** Where the bytes of a file are asked for. */
export function fileAddress(
  { repository }: HubSource,
  commit: string,
  path: string,
  settings: HubSettings,
): string {
  const place = path.split('/').map(encodeURIComponent).join('/')
  return `${endpointBase(settings)}/${repository}/resolve/${commit}/${place}`
}

/** Throws what a status other than success means for this source. */
export function checkStatus(answer: HubAnswer, source: HubSource, settings: HubSettings): void {
  const { status, url } = answer
  if (status === 200 || status === 206) return
  answer.body.destroy()
  const wait = readRetryAfter(answer.header('retry-after'))
  if (status === 429)
    throw new TransientFailure(rateLimited(wait === null ? null : Math.ceil(wait / 1000)), wait)
  if (status >= 500 || status === 408)
    throw new TransientFailure(
      hubUnreachable('SERVER_ERROR', `${url.host} answers with status ${status}`, {
        host: url.host,
        status,
      }),
      wait,
    )
  throw refusal(answer, source, settings) ?? answerInvalid(url, `its status is ${status}`)
}

/** What the hub says in X-Error-Code. */
const missing: Readonly<Record<string, 'repository' | 'revision' | 'file'>> = {
  RepoNotFound: 'repository',
  RevisionNotFound: 'revision',
  EntryNotFound: 'file',
}

function refusal(
  { status, asked, header }: HubAnswer,
  source: HubSource,
  settings: HubSettings,
): LensEngineError | null {
  const code = header('x-error-code')
  const what = missing[code ?? ''] ?? (status === 404 ? guessMissing(asked) : null)
  if (what !== null && [401, 403, 404].includes(status)) return notFound(what, source, asked)
  if (status === 401 || status === 403)
    return accessDenied(source.repository, status, settings.token !== null)
  return null
}

function guessMissing({ pathname }: URL): 'repository' | 'revision' | 'file' {
  if (pathname.includes('/revision/')) return 'revision'
  return pathname.includes('/resolve/') || pathname.includes('/tree/') ? 'file' : 'repository'
}

function notFound(
  what: 'repository' | 'revision' | 'file',
  source: HubSource,
  url: URL,
): LensEngineError {
  if (what === 'repository')
    return hubNotFound(
      what,
      source.repository,
      'Check the spelling of owner/name; a private repository is only found with its token in HF_TOKEN.',
    )
  if (what === 'revision')
    return hubNotFound(
      what,
      source.revision ?? 'main',
      `Name a branch, tag or commit of ${source.repository}, as its page on the hub lists them.`,
    )
  return hubNotFound(
    what,
    source.file ?? shownAddress(url),
    `See the files of ${source.repository} on its page.`,
  )
}

interface JsonAnswer {
  readonly json: unknown
  readonly url: URL
  readonly link: string | null
}

function fetchJson(address: string, source: HubSource, settings: HubSettings): Promise<JsonAnswer> {
  return withRetries(settings, async () => {
    const answer = await askHub(address, settings, { accept: 'application/json' })
    checkStatus(answer, source, settings)
    const text = await readText(answer, settings)
    try {
      return { json: JSON.parse(text) as unknown, url: answer.url, link: answer.lastHeader('link') }
    } catch {
      throw answerInvalid(answer.url, 'it is not JSON')
    }
  })
}

async function readText({ body, url }: HubAnswer, settings: HubSettings): Promise<string> {
  const { answerMs } = settings.conditions
  const timer = setTimeout(() => body.destroy(silence(url, 'STALLED', answerMs)), answerMs)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes > maximumAnswerBytes)
        throw answerInvalid(url, `it is larger than ${maximumAnswerBytes} bytes`)
    }
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    throw asConnectionFailure(error, url, settings.signal)
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
}

function readEntry(entry: unknown, url: URL): HubFile[] {
  if (!isRecord(entry) || typeof entry['path'] !== 'string')
    throw answerInvalid(url, 'an entry of the list of files has no path')
  const { path, size, oid, lfs } = entry as Readonly<Record<string, unknown>> & { path: string }
  if (leavesRepository(path))
    throw answerInvalid(url, `it lists the file ${JSON.stringify(path.slice(0, 120))}`)
  if (entry['type'] !== 'file') return []
  const large = isRecord(lfs) ? lfs['oid'] : undefined
  const checksum: Checksum =
    large === undefined
      ? { kind: 'git-sha1', digest: oid as string }
      : { kind: 'sha256', digest: large as string }
  if (!isDigest(checksum.kind, checksum.digest) || !Number.isSafeInteger(size) || Number(size) < 0)
    throw answerInvalid(url, `${JSON.stringify(path.slice(0, 120))} has no size or checksum`)
  return [{ path, bytes: size as number, checksum }]
}

/** A path no repository can hold: absolute, upwards, or with characters that separate paths elsewhere. */
function leavesRepository(path: string): boolean {
  const parts = path.split('/')
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\\\x00-\x1f]/.test(path) || parts.some((part) => ['', '.', '..'].includes(part))
}

/** The `rel="next"` of a Link header (RFC 8288); only pages of the same host are followed. */
function nextPage(link: string | null, from: URL, settings: HubSettings): string | null {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
  if (target === undefined) return null
  const next = URL.canParse(target, from.href) ? new URL(target, from) : null
  if (next !== null && next.origin === settings.endpoint.origin) return next.href
  throw answerInvalid(from, 'its next page is at another host')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
