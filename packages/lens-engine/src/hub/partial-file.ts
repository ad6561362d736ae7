// A file that is being fetched, owned by one process at a time. Owning is a name, and taking over is a rename, which only one
// process can win:  <digest>.free  nobody's;  <digest>.<process id>.<token>  somebody's, touched while its owner lives.
import { randomUUID } from 'node:crypto'
import {
  constants,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from '../models/import-model.js'
import { writeFileAtomically } from '../weights/atomic-file.js'

/** An owner that is silent for so long is gone, whatever process has its number now. */
const longestSilenceMs = 60_000
const touchMs = 5_000
const pollMs = 200
const mine = new Set<string>()

/** An owned partial file, open for reading and writing. */
export class PartialFile {
  private readonly timer: NodeJS.Timeout

  constructor(
    readonly path: string,
    private readonly free: string,
    private readonly handle: FileHandle,
    /** Bytes that are there. */
    public length: number,
  ) {
    this.timer = setInterval(() => touch(path), touchMs).unref()
  }

  async append(bytes: Uint8Array): Promise<void> {
    let done = 0
    while (done < bytes.length) {
      const { bytesWritten } = await this.handle.write(
        bytes,
        done,
        bytes.length - done,
        this.length,
      )
      done += bytesWritten
      this.length += bytesWritten
    }
  }

  async clear(): Promise<void> {
    await this.handle.truncate(0)
    this.length = 0
  }

  /** What the server called the version of these bytes; null when it did not say. */
  get etag(): string | null {
    try {
      return readFileSync(etagPath(this.free), 'utf8')
    } catch {
      return null
    }
  }

  rememberEtag(etag: string | null): void {
    const bytes = Buffer.from(etag ?? '')
    if (etag === null) rmSync(etagPath(this.free), { force: true })
    else writeFileAtomically(etagPath(this.free), (append) => append(bytes), bytes.length)
  }

  /** Gives the whole file its final name. */
  async finish(target: string): Promise<void> {
    await this.handle.sync()
    await this.close()
    renameSync(this.path, target)
    rmSync(etagPath(this.free), { force: true })
  }

  /** Leaves the file for whoever goes on with it. */
  async release(): Promise<void> {
    await this.close()
    if (this.length === 0 || sizeOf(this.free) >= this.length) rmSync(this.path, { force: true })
    else renameSync(this.path, this.free)
  }

  async discard(): Promise<void> {
    await this.close()
    rmSync(this.path, { force: true })
    rmSync(etagPath(this.free), { force: true })
  }

  private async close(): Promise<void> {
    clearInterval(this.timer)
    await this.handle.close()
    mine.delete(this.path)
  }
}

/** Bytes that a download of the digest could go on from. */
export function partialBytes(directory: string, digest: string): number {
  const names = partialsOf(directory, digest)
  return Math.max(0, ...names.map((name) => sizeOf(join(directory, name))))
}

/**
 * Makes the partial file of a digest this process's own, with what is in it already. While another process or download
 * fetches the same, it waits. @returns null when `isDone` says that the file is whole meanwhile
 */
export async function claimPartial(
  directory: string,
  digest: string,
  isDone: () => boolean,
  signal: AbortSignal | null,
): Promise<PartialFile | null> {
  for (;;) {
    if (isDone()) return null
    const own = join(directory, `${digest}.${process.pid}.${randomUUID()}`)
    mine.add(own)
    const claimed = await takeOver(directory, digest, own)
    if (claimed) return openPartial(own, join(directory, `${digest}.free`))
    mine.delete(own)
    await pause(pollMs * (1 + Math.random()), undefined, signal === null ? {} : { signal })
  }
}

async function takeOver(directory: string, digest: string, own: string): Promise<boolean> {
  const present = partialsOf(directory, digest)
  if (present.some((name) => isOwned(directory, name))) return false
  const largest = present.sort((a, b) => sizeOf(join(directory, b)) - sizeOf(join(directory, a)))[0]
  if (largest !== undefined) return tryRename(join(directory, largest), own)
  await (await open(own, 'wx', 0o644)).close()
  // Two may create theirs at the same moment: whoever sees the other steps back.
  const others = partialsOf(directory, digest).filter((name) => join(directory, name) !== own)
  if (others.length === 0) return true
  rmSync(own, { force: true })
  return false
}

async function openPartial(own: string, free: string): Promise<PartialFile> {
  touch(own)
  try {
    const handle = await open(own, constants.O_RDWR | constants.O_NOFOLLOW)
    return new PartialFile(own, free, handle, (await handle.stat()).size)
  } catch (error) {
    mine.delete(own)
    rmSync(own, { force: true })
    throw error
  }
}

function partialsOf(directory: string, digest: string): string[] {
  return readdirSync(directory).filter(
    (name) => name.startsWith(`${digest}.`) && !name.endsWith('.etag'),
  )
}

function isOwned(directory: string, name: string): boolean {
  const path = join(directory, name)
  const owner = Number(name.split('.')[1])
  if (!Number.isInteger(owner)) return false
  if (owner === process.pid) return mine.has(path)
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return isAlive(owner) && Date.now() - changed < longestSilenceMs
}

function etagPath(free: string): string {
  return free.replace(/free$/, 'etag')
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Gone under our hands: the next write or rename says so.
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
