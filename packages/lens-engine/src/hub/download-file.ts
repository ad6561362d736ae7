// A listed file -> its bytes in the cache, with the listed size and checksum, going on from what an earlier attempt left.
import { rememberDigest } from '../models/file-digest.js'
import { LensEngineError } from '../errors.js'
import { asWriteFailure } from '../weights/atomic-file.js'
import type { DownloadMeter } from './download-meter.js'
import { checksumOf } from './file-checksum.js'
import { checkStatus, fileAddress, type HubFile } from './hub-api.js'
import type { HubCache } from './hub-cache.js'
import { answerInvalid, damaged, hubUnreachable } from './hub-error.js'
import { askHub, asConnectionFailure, silence, type HubAnswer } from './hub-request.js'
import type { HubSettings } from './hub-settings.js'
import type { HubSource } from './model-source.js'
import { claimPartial, partialBytes, type PartialFile } from './partial-file.js'
import { TransientFailure, withRetries } from './retry.js'

/** What the files of one download share. */
export interface DownloadContext {
  readonly source: HubSource
  readonly commit: string
  readonly home: string
  readonly settings: HubSettings
  readonly cache: HubCache
  readonly meter: DownloadMeter
}

/** Attempts to get a file that is not damaged; the second begins with nothing. */
const wholeAttempts = 2

/**
 * Makes sure that the file is in the cache.
 * @throws DOWNLOAD_DAMAGED, HUB_UNREACHABLE, HUB_RATE_LIMITED, HUB_NOT_FOUND, HUB_ACCESS_DENIED, HUB_REDIRECT_REFUSED, DISK_FULL
 */
export async function downloadFile(file: HubFile, context: DownloadContext): Promise<void> {
  const { cache, meter, settings } = context
  for (let attempt = 1; (await cache.findBlob(file)) === null; attempt++) {
    const { digest } = file.checksum
    meter.enter('downloading', file)
    // Asked again and again while another process fetches the file: its progress is ours.
    const isDone = (): boolean => {
      meter.have(file, partialBytes(cache.partials, digest))
      return cache.hasBlob(file)
    }
    const partial = await claimPartial(cache.partials, digest, isDone, settings.signal)
    if (partial === null) continue
    try {
      await fetchWhole(file, partial, context)
    } catch (error) {
      const bad = error instanceof LensEngineError && error.code === 'DOWNLOAD_DAMAGED'
      await (bad ? partial.discard() : partial.release())
      if (bad && attempt < wholeAttempts) continue
      throw asWriteFailure(error, cache.blobPath(file), file.bytes)
    }
  }
  meter.have(file, file.bytes)
}

async function fetchWhole(
  file: HubFile,
  partial: PartialFile,
  context: DownloadContext,
): Promise<void> {
  const { meter, cache, home, settings } = context
  if (partial.length > file.bytes) await partial.clear()
  meter.have(file, partial.length)
  let furthest = partial.length
  await withRetries(settings, async (progressed) => {
    if (partial.length >= file.bytes) return
    await fetchRest(file, partial, context, () => {
      // The same first bytes again and again are no progress.
      if (partial.length <= furthest) return
      furthest = partial.length
      progressed()
    })
  })
  meter.enter('verifying', file)
  const { kind, digest } = file.checksum
  const found = await checksumOf(partial.path, kind, file.bytes, () =>
    settings.signal?.throwIfAborted(),
  )
  if (found !== digest) throw damaged(file.path, 'CHECKSUM', digest, found)
  const blob = cache.blobPath(file)
  await partial.finish(blob)
  if (kind === 'sha256') rememberDigest(blob, digest, home)
}

/** One request for the bytes that are missing. */
async function fetchRest(
  file: HubFile,
  partial: PartialFile,
  { source, commit, settings, meter }: DownloadContext,
  onBytes: () => void,
): Promise<void> {
  const address = fileAddress(source, commit, file.path, settings)
  const answer = await askHub(address, settings, rangeHeaders(partial))
  try {
    if (answer.status === 416) {
      await partial.clear()
      throw new TransientFailure(hubUnreachable('CUT_OFF', `${answer.url.host} sends no rest`), 0)
    }
    checkStatus(answer, source, settings)
    checkVersion(file, commit, answer)
    await prepareToAppend(file, partial, answer)
    meter.have(file, partial.length)
    for await (const chunk of chunksOf(answer, settings)) {
      if (partial.length + chunk.length > file.bytes)
        throw damaged(file.path, 'SIZE', file.bytes, `more than ${file.bytes}`)
      await partial.append(chunk)
      meter.fetch(file, chunk.length)
      onBytes()
    }
  } finally {
    answer.body.destroy()
  }
  if (partial.length < file.bytes)
    throw new TransientFailure(
      hubUnreachable(
        'CUT_OFF',
        `${answer.url.host} sent ${partial.length} of ${file.bytes} bytes of ${file.path}`,
        { file: file.path, receivedBytes: partial.length, bytes: file.bytes },
      ),
    )
}

function rangeHeaders(partial: PartialFile): Readonly<Record<string, string>> {
  if (partial.length === 0) return {}
  const { etag } = partial
  // Without If-Range a changed file is caught by its checksum, only later.
  return { range: `bytes=${partial.length}-`, ...(etag === null ? {} : { 'if-range': etag }) }
}

/** What the endpoint says of the file must be what it listed. */
function checkVersion(file: HubFile, commit: string, answer: HubAnswer): void {
  const served = answer.header('x-repo-commit')
  if (served !== null && served !== commit)
    throw answerInvalid(answer.url, `it is of commit ${served.slice(0, 40)}, not ${commit}`)
  const linked = answer.header('x-linked-etag')?.replace(/^(W\/)?"|"$/g, '') ?? null
  const comparable = linked !== null && /^[0-9a-f]+$/.test(linked)
  if (
    comparable &&
    linked.length === file.checksum.digest.length &&
    linked !== file.checksum.digest
  )
    throw damaged(file.path, 'CHECKSUM', file.checksum.digest, linked)
}

/** Brings the partial file to the byte where the answer begins. */
async function prepareToAppend(
  file: HubFile,
  partial: PartialFile,
  answer: HubAnswer,
): Promise<void> {
  const etag = strongEtag(answer.lastHeader('etag'))
  const earlier = partial.etag
  const range = readRange(answer)
  const goesOn =
    range !== null && range.start === partial.length && (earlier === null || earlier === etag)
  if (!goesOn && partial.length > 0) await partial.clear()
  if (range !== null && !goesOn && range.start > 0) {
    // Part of another version: ask again, for all of it.
    partial.rememberEtag(null)
    throw new TransientFailure(
      hubUnreachable('CUT_OFF', `${file.path} changed while it was fetched`, { file: file.path }),
      0,
    )
  }
  const size = range === null ? readLength(answer) : range.size
  if (size !== null && size !== file.bytes) throw damaged(file.path, 'SIZE', file.bytes, size)
  if (etag !== earlier) partial.rememberEtag(etag)
}

/** Content-Range of a 206; null for the whole file. */
function readRange(answer: HubAnswer): { start: number; size: number | null } | null {
  if (answer.status !== 206) return null
  const text = answer.lastHeader('content-range') ?? ''
  const [, start, size] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(text) ?? []
  if (start === undefined)
    throw answerInvalid(answer.url, `content-range is ${JSON.stringify(text)}`)
  return { start: Number(start), size: size === '*' ? null : Number(size) }
}

function readLength(answer: HubAnswer): number | null {
  const text = answer.lastHeader('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** A weak etag may stand for other bytes, so it cannot be the ground to go on from. */
function strongEtag(etag: string | null): string | null {
  return etag !== null && /^"[\x21\x23-\x7e]{1,300}"$/.test(etag) ? etag : null
}

async function* chunksOf(
  { body, url }: HubAnswer,
  settings: HubSettings,
): AsyncGenerator<Buffer, void> {
  const { stallMs } = settings.conditions
  const watch = () => setTimeout(() => body.destroy(silence(url, 'STALLED', stallMs)), stallMs)
  let timer = watch()
  try {
    for await (const chunk of body) {
      clearTimeout(timer)
      yield chunk as Buffer
      settings.signal?.throwIfAborted()
      timer = watch()
    }
  } catch (error) {
    throw asConnectionFailure(error, url, settings.signal)
  } finally {
    clearTimeout(timer)
  }
}
