// Writes a file so that its final name only ever holds the whole of it: temporary file, fsync, rename, fsync of the directory.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LensEngineError } from '../errors.js'

/** Appends bytes to the file being written. */
export type AppendBytes = (bytes: Uint8Array) => void

/**
 * Calls `fill` to write the file's bytes and then gives it its name; when anything fails, no file is left behind.
 * @param path the final name; an existing file is replaced
 * @param neededBytes the size to report when the disk is full, if it is known
 * @throws DISK_FULL with needed and available bytes; FILE_UNREADABLE when the place cannot be written
 */
export function writeFileAtomically(
  path: string,
  fill: (append: AppendBytes) => void,
  neededBytes?: number,
): void {
  const steps = writeFileInSteps(path, (append) => [fill(append)], neededBytes)
  while (steps.next().done !== true);
}

/** The same for a writer that lets others run: it yields after each of `fill`'s steps. Ended early, it leaves no file. */
export function* writeFileInSteps<Step>(
  path: string,
  fill: (append: AppendBytes) => Iterable<Step>,
  neededBytes?: number,
): Generator<Step, void> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.partial`
  try {
    const descriptor = openSync(temporary, 'wx')
    try {
      yield* fill((bytes) => appendAll(descriptor, bytes))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
    flushDirectory(dirname(path))
  } catch (error) {
    throw asWriteFailure(error, path, neededBytes)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function appendAll(descriptor: number, bytes: Uint8Array): void {
  let done = 0
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done)
}

/** Makes renames inside a directory durable. Some file systems refuse to sync a directory; then there is nothing to do. */
export function flushDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EACCES', 'EISDIR', 'ENOTSUP'].includes(errorCode(error))) throw error
  }
}

const fullDiskCodes = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** Turns a failed write into a typed error; typed errors pass unchanged. */
export function asWriteFailure(error: unknown, path: string, neededBytes?: number): unknown {
  if (error instanceof LensEngineError || !(error instanceof Error)) return error
  const code = errorCode(error)
  if (!code) return error
  if (!fullDiskCodes.includes(code))
    return new LensEngineError('FILE_UNREADABLE', `${path} cannot be written: ${error.message}`, {
      details: { file: path, system: code },
      cure: 'Choose a place this user may write to.',
      cause: error,
    })
  const numbers = {
    neededBytes: neededBytes ?? null,
    availableBytes: availableBytes(dirname(path)),
  }
  return diskFull(path, { ...numbers, system: code }, error)
}

/**
 * Refuses, before the first byte, what a disk has no room for. Where the disk does not tell, the writing will.
 * @param directory an existing one, where `neededBytes` are about to be written
 * @throws DISK_FULL with needed and available bytes
 */
export function refuseWithoutRoom(directory: string, neededBytes: number): void {
  const available = availableBytes(directory)
  if (available !== null && available < neededBytes)
    throw diskFull(directory, { neededBytes, availableBytes: available, system: null })
}

interface RoomDetails {
  readonly neededBytes: number | null
  readonly availableBytes: number | null
  /** The system's own code; null when nothing was written yet. */
  readonly system: string | null
}

function diskFull(path: string, room: RoomDetails, cause?: unknown): LensEngineError {
  const needed = room.neededBytes === null ? '' : `${room.neededBytes} bytes are needed, `
  return new LensEngineError(
    'DISK_FULL',
    `${path} cannot be written: ${needed}${room.availableBytes ?? 'unknown'} are free`,
    {
      details: { file: path, ...room },
      cure: 'Free space on that disk, or point IMPRINT_HOME at a larger one, and try again.',
      cause,
    },
  )
}

function availableBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize
  } catch {
    return null
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
