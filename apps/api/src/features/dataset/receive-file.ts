// A stream of bytes -> a file with its digest, under its final name only when every byte is on the disk.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserFailure } from '../../errors/user-failure.js'

export interface ReceivedFile {
  readonly path: string
  readonly bytes: number
  /** sha256, hexadecimal. */
  readonly digest: string
}

export interface ReceiveOptions {
  /** Final name. */
  readonly path: string
  /** Most bytes. */
  readonly limit: number
  /** What the sender says it will send; null when it does not say. */
  readonly expected: number | null
  readonly onBytes?: (bytes: number) => void
  readonly signal?: AbortSignal
  /** Where the bytes go; tests put a full disk in its place. */
  readonly open?: (partial: string) => WriteStream
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`

export const tooLarge = (limit: number): UserFailure =>
  new UserFailure('FILE_TOO_LARGE', `The file has more than ${megabytes(limit)}.`, {
    field: 'source',
    cure: 'Split it, or have whoever runs the server raise IMPRINT_UPLOAD_BYTES.',
  })

export const diskFull = (needed: number | null, free: number | null): UserFailure => {
  const numbers =
    needed === null || free === null
      ? ''
      : ` ${megabytes(needed)} are needed, ${megabytes(free)} are free.`
  return new UserFailure('DISK_FULL', `The server’s disk is full.${numbers}`, {
    field: 'source',
    cure: 'Free some space on the server and try again; nothing was kept.',
  })
}

/** @throws UserFailure FILE_TOO_LARGE, DISK_FULL, TRANSFER_CUT_OFF; the signal's reason. Then nothing is left on the disk. */
export async function receiveFile(
  stream: Readable,
  options: ReceiveOptions,
): Promise<ReceivedFile> {
  const { path: final, limit, expected, open = createDurableStream } = options
  const partial = `${final}.part`
  if (expected !== null && expected > limit) throw tooLarge(limit)
  await mkdir(path.dirname(final), { recursive: true })
  await requireSpace(path.dirname(final), expected)
  const target = open(partial)
  try {
    const { bytes, digest } = await copy(stream, target, options)
    if (expected !== null && bytes !== expected)
      throw new UserFailure('TRANSFER_CUT_OFF', `${bytes} of ${expected} bytes arrived.`, {
        field: 'source',
        cure: 'Send it again.',
      })
    await rename(partial, final)
    return { path: final, bytes, digest }
  } catch (error) {
    await closed(target)
    await rm(partial, { force: true })
    throw withName(error)
  }
}

/** Everything is on the disk when it closes. */
const createDurableStream = (file: string): WriteStream =>
  createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })

/** A stream that fails early may still be about to create its file; once closed it no longer can. */
async function closed(target: WriteStream): Promise<void> {
  if (target.closed) return
  await new Promise<void>((resolve) => {
    target.once('close', () => resolve())
  })
}

async function copy(
  stream: Readable,
  target: WriteStream,
  { limit, onBytes, signal }: ReceiveOptions,
): Promise<{ readonly bytes: number; readonly digest: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > limit) throw tooLarge(limit)
      hash.update(chunk)
      onBytes?.(bytes)
      yield chunk
    }
  }
  await pipeline(stream, counted, target, signal === undefined ? {} : { signal })
  return { bytes, digest: hash.digest('hex') }
}

async function requireSpace(directory: string, needed: number | null): Promise<void> {
  if (needed === null) return
  const { bavail, bsize } = await statfs(directory)
  if (needed > bavail * bsize) throw diskFull(needed, bavail * bsize)
}

const fullDisk: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const cutOff: ReadonlySet<unknown> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ECONNRESET',
  'ECONNABORTED',
])

function withName(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (fullDisk.has(code)) return diskFull(null, null)
  if (!cutOff.has(code)) return error
  return new UserFailure('TRANSFER_CUT_OFF', 'The connection ended before the file did.', {
    field: 'source',
    cure: 'Send it again.',
  })
}
