// What Imprint's home holds that can be had again: fetched files, conversions, leftovers of killed processes -> freed space.
// Models in the store are never touched, so neither is an engine that runs one.
import { lstatSync, readdirSync, renameSync, rmSync, type Dirent } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { isAlive } from '../models/import-model.js'
import { asWriteFailure } from '../weights/atomic-file.js'

/** Something that can be deleted. */
export interface PrunableEntry {
  readonly kind: 'hub' | 'conversion' | 'leftover'
  /** "host/owner/name" of a repository, else the name of the directory. */
  readonly name: string
  readonly path: string
  /** Bytes that deleting it gives back. */
  readonly bytes: number
  /** Bytes that a model of the store holds as well (hard links), which stay. */
  readonly sharedBytes: number
  /** Why it is left alone now, or null. */
  readonly inUse: string | null
}

export interface PruneReport {
  readonly removed: readonly PrunableEntry[]
  readonly kept: readonly PrunableEntry[]
  readonly freedBytes: number
}

/** A conversion is imported right after it is made; a younger one may not be yet. */
const youngMs = 60_000

/** All that could be freed, the largest first; nothing is changed. @param home Imprint's home directory */
export function listPrunable(home: string): readonly PrunableEntry[] {
  return [...fetchedRepositories(home), ...conversions(home), ...abandonedImports(home)].sort(
    (left, right) => right.bytes - left.bytes || left.name.localeCompare(right.name),
  )
}

/**
 * Deletes what `listPrunable` lists and nobody uses.
 * @throws FILE_UNREADABLE when something cannot be deleted; what was deleted before stays deleted
 */
export function pruneCache(home: string): PruneReport {
  const [removed, kept]: [PrunableEntry[], PrunableEntry[]] = [[], []]
  for (const { path } of listPrunable(home)) {
    // Looked at again: removing the entries before it took time.
    const entry = listPrunable(home).find((other) => other.path === path)
    if (entry === undefined) continue
    const list = entry.inUse === null ? removed : kept
    if (list === removed) remove(entry.path)
    list.push(entry)
  }
  return { removed, kept, freedBytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Out of the way at once, so that nobody finds half of it; a killed process leaves a name that the next one deletes. */
function remove(path: string): void {
  const aside = join(path, '..', `.${process.pid}-${randomUUID()}`)
  try {
    renameSync(path, aside)
    rmSync(aside, { recursive: true, force: true })
  } catch (error) {
    throw asWriteFailure(error, path)
  }
}

function fetchedRepositories(home: string): PrunableEntry[] {
  return directoriesIn(join(home, 'hub')).flatMap((host) =>
    directoriesIn(join(home, 'hub', host)).map((folder) => {
      const path = join(home, 'hub', host, folder)
      if (ownerOf(folder) !== null) return describe('leftover', `${host}/${folder}`, path)
      const name = `${host}/${folder.replace('--', '/')}`
      return describe('hub', name, path, usersOf(path))
    }),
  )
}

/** A download keeps a directory of its own under `work` from its first file to the import. */
function usersOf(repository: string): string | null {
  const users = directoriesIn(join(repository, 'work')).map((name) => Number(name.split('-')[0]))
  const alive = users.find((user) => isAlive(user))
  return alive === undefined ? null : `process ${alive} downloads it`
}

function conversions(home: string): PrunableEntry[] {
  const root = join(home, 'converted')
  return directoriesIn(root).map((name) => {
    const path = join(root, name)
    if (ownerOf(name) !== null) return describe('leftover', name, path)
    const age = Date.now() - lstatSync(path).mtimeMs
    return describe('conversion', name, path, age < youngMs ? 'it was made just now' : null)
  })
}

function abandonedImports(home: string): PrunableEntry[] {
  const root = join(home, 'models')
  return directoriesIn(root)
    .filter((name) => ownerOf(name) !== null)
    .map((name) => describe('leftover', name, join(root, name)))
}

/** The process that works in a directory of this name; null where it has its final one. */
function ownerOf(name: string): number | null {
  const match = /^\.(?:import-)?(\d+)-/.exec(name)
  return match === null ? null : Number(match[1])
}

function describe(
  kind: PrunableEntry['kind'],
  name: string,
  path: string,
  inUse: string | null = null,
): PrunableEntry {
  const owner = kind === 'leftover' ? ownerOf(name.split('/').at(-1)!) : null
  const worker = owner !== null && isAlive(owner) ? `process ${owner} works on it` : null
  return { kind, name, path, ...sizeOf(path), inUse: inUse ?? worker }
}

function sizeOf(directory: string): Pick<PrunableEntry, 'bytes' | 'sharedBytes'> {
  let [bytes, sharedBytes] = [0, 0]
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) {
      const inner = sizeOf(path)
      bytes += inner.bytes
      sharedBytes += inner.sharedBytes
    } else {
      const stat = lstatSync(path, { throwIfNoEntry: false })
      if (stat === undefined) continue
      if (stat.nlink > 1) sharedBytes += stat.size
      else bytes += stat.size
    }
  }
  return { bytes, sharedBytes }
}

/** Names of the real directories in a real directory: links are not followed, so nothing outside of the home is reached. */
function directoriesIn(directory: string): string[] {
  return entriesOf(directory)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

function entriesOf(directory: string): Dirent[] {
  if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(directory, { withFileTypes: true })
}
