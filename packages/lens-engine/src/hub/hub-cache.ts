// What was fetched from a hub, kept under Imprint's home: whole files by their checksum, commits by revision, lists by commit.
//   <home>/hub/<host>/<owner>--<name>/{blobs,partials,refs,lists,work}
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { LensEngineError } from '../errors.js'
import { digestFile } from '../models/file-digest.js'
import { isAlive, placeFile } from '../models/import-model.js'
import { asWriteFailure, writeFileAtomically } from '../weights/atomic-file.js'
import { checksumOf, isDigest } from './file-checksum.js'
import type { HubFile } from './hub-api.js'

/** A commit a revision was found to be, and when. */
export interface KnownCommit {
  readonly commit: string
  /** ISO 8601. */
  readonly seenAt: string
}

/** The cache of one repository. */
export class HubCache {
  readonly partials: string
  private readonly root: string

  /** @throws FILE_UNREADABLE where the place cannot be written or leads out of the home directory */
  constructor(
    private readonly home: string,
    host: string,
    repository: string,
  ) {
    const plain = (text: string) => text.replace(/[^A-Za-z0-9._-]/g, '_')
    this.root = join(home, 'hub', plain(host), repository.split('/').map(plain).join('--'))
    this.partials = join(this.root, 'partials')
    try {
      for (const room of ['blobs', 'partials', 'refs', 'lists', 'work'])
        mkdirSync(join(this.root, room), { recursive: true })
    } catch (error) {
      throw asWriteFailure(error, this.root)
    }
    this.refuseEscape()
    this.removeLeftovers()
  }

  blobPath({ checksum }: HubFile): string {
    return join(this.root, 'blobs', `${checksum.kind}-${checksum.digest}`)
  }

  /** Whether a file of this size is here, unread. */
  hasBlob(file: HubFile): boolean {
    return statSync(this.blobPath(file), { throwIfNoEntry: false })?.size === file.bytes
  }

  /** The file's place when it is here with its size and checksum; one that is not intact is deleted. */
  async findBlob(file: HubFile): Promise<string | null> {
    const path = this.blobPath(file)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return null
    if (stat.size === file.bytes && (await this.digestOf(path, file)) === file.checksum.digest)
      return path
    rmSync(path, { force: true })
    return null
  }

  recallCommit(revision: string): KnownCommit | null {
    const known = this.readJson('refs', digestName(revision)) as KnownCommit | null
    return known !== null && isDigest('git-sha1', known.commit) ? known : null
  }

  rememberCommit(revision: string, commit: string): void {
    const known = { revision, commit, seenAt: new Date().toISOString() }
    this.writeJson('refs', digestName(revision), known)
  }

  recallFolder(commit: string, folder: string): readonly HubFile[] | null {
    const files = this.readJson('lists', folderName(commit, folder))
    return Array.isArray(files) && files.every(isHubFile) ? files : null
  }

  rememberFolder(commit: string, folder: string, files: readonly HubFile[]): void {
    this.writeJson('lists', folderName(commit, folder), files)
  }

  /** Gives the files one directory under the names they are imported by, for as long as `use` runs. */
  async withDirectory<Result>(use: (directory: WorkDirectory) => Promise<Result>): Promise<Result> {
    const directory = join(this.root, 'work', `${process.pid}-${randomUUID()}`)
    mkdirSync(directory)
    try {
      return await use({
        path: directory,
        place: (file, name) => {
          placeFile(this.blobPath(file), join(directory, name))
          return join(directory, name)
        },
      })
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }

  private async digestOf(path: string, { checksum, bytes }: HubFile): Promise<string> {
    // Remembered for large files; small ones are read again.
    return checksum.kind === 'sha256'
      ? digestFile(path, this.home)
      : checksumOf(path, checksum.kind, bytes)
  }

  private readJson(room: string, name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.root, room, name), 'utf8')) as unknown
    } catch {
      return null
    }
  }

  private writeJson(room: string, name: string, value: unknown): void {
    const bytes = Buffer.from(JSON.stringify(value))
    writeFileAtomically(join(this.root, room, name), (append) => append(bytes), bytes.length)
  }

  private refuseEscape(): void {
    const home = realpathSync(this.home)
    if (realpathSync(this.partials).startsWith(home.endsWith(sep) ? home : home + sep)) return
    throw new LensEngineError('FILE_UNREADABLE', `${this.root} leads out of ${home}`, {
      details: { file: this.root, home },
      cure: 'Remove the symbolic link in the cache, or point IMPRINT_HOME to where it leads.',
    })
  }

  /** Deletes the directories of processes that were killed. */
  private removeLeftovers(): void {
    for (const name of readdirSync(join(this.root, 'work'))) {
      if (!isAlive(Number(name.split('-')[0])))
        rmSync(join(this.root, 'work', name), { recursive: true, force: true })
    }
  }
}

export interface WorkDirectory {
  readonly path: string
  /** Puts a whole file there and answers its path. */
  place(file: HubFile, name: string): string
}

function folderName(commit: string, folder: string): string {
  return folder === '' ? `${commit}.json` : `${commit}-${digestName(folder)}`
}

function digestName(text: string): string {
  return `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`
}

function isHubFile(value: unknown): value is HubFile {
  const { path, bytes, checksum } = (value ?? {}) as Partial<HubFile>
  return (
    typeof path === 'string' &&
    Number.isSafeInteger(bytes) &&
    (checksum?.kind === 'sha256' || checksum?.kind === 'git-sha1') &&
    isDigest(checksum.kind, checksum.digest)
  )
}
