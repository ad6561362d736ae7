// A model's directory -> its own directory in the store, whole or not at all: reflinked, hard-linked, else copied.
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { tokenizerFile } from '../tokenizers/load-tokenizer.js'
import { asWriteFailure, flushDirectory, writeFileAtomically } from '../weights/atomic-file.js'
import { openWeights, weightsFile } from '../weights/open-weights.js'
import { shardIndexFile } from '../weights/sharded-safetensors.js'
import { digestFile, rememberDigest } from './file-digest.js'
import { convertedFrom } from './import-gguf.js'
import {
  manifestFile,
  readManifest,
  type HubOrigin,
  type ModelManifest,
  type StoredFile,
} from './model-manifest.js'
import { configFile, readConfig } from './read-config.js'

const temporaryPrefix = '.import-'

/** Files of a model and their digests, before or after they are in the store. */
export interface ModelFingerprint {
  readonly files: readonly StoredFile[]
  /** sha256 of the weights file; of "name:sha256" lines where there are several. */
  readonly weightsDigest: string
  readonly configDigest: string
}

/** Digests of everything a model consists of; unchanged files are not read again. */
export function fingerprintModel(directory: string, home: string): ModelFingerprint {
  const { digest: configDigest } = readConfig(directory)
  const weightFiles = openWeights(directory).files
  const names = [
    configFile,
    ...weightFiles,
    // Shards are found by their index, in the store too.
    ...(weightFiles.includes(weightsFile) ? [] : [shardIndexFile]),
    ...[tokenizerFile].filter((name) => existsSync(join(directory, name))),
  ]
  const files = names.map((name): StoredFile => {
    const path = realpathSync(join(directory, name))
    return { name, bytes: statSync(path).size, sha256: digestFile(path, home) }
  })
  return {
    files,
    weightsDigest: combineDigests(files.filter(({ name }) => weightFiles.includes(name))),
    configDigest,
  }
}

function combineDigests(files: readonly StoredFile[]): string {
  if (files.length === 1) return files[0]!.sha256
  const lines = files.map(({ name, sha256 }) => `${name}:${sha256}\n`).join('')
  return createHash('sha256').update(lines).digest('hex')
}

/** Directory of a model inside the store: its name and the start of a digest over all its files. */
export function storeKey(name: string, { files }: ModelFingerprint): string {
  const all = files.map((file) => `${file.name}:${file.sha256}\n`).join('')
  return `${name}-${createHash('sha256').update(all).digest('hex').slice(0, 12)}`
}

export function modelsDirectory(home: string): string {
  return join(home, 'models')
}

/** Where a model came from when that is not the directory it is imported from. */
export interface ModelArrival {
  readonly source?: string
  readonly hub?: HubOrigin
}

/**
 * Puts a model into the store and answers its manifest; a model that is there already is left as it is.
 * @throws DISK_FULL with needed and available bytes; FILE_UNREADABLE when the store cannot be written
 */
export function importModel(
  directory: string,
  name: string,
  print: ModelFingerprint,
  home: string,
  arrival: ModelArrival = {},
): ModelManifest {
  const target = join(modelsDirectory(home), storeKey(name, print))
  if (existsSync(target)) {
    const present = readManifest(target)
    if (present !== null && isIntact(target, present, home))
      return recordArrival(target, present, arrival)
    rmSync(target, { recursive: true, force: true })
  }
  removeLeftovers(home)
  const manifest: ModelManifest = {
    format: 1,
    name,
    source: convertedFrom(directory) ?? realpathSync(directory),
    ...arrival,
    importedAt: new Date().toISOString(),
    ...print,
  }
  const temporary = join(modelsDirectory(home), `${temporaryPrefix}${process.pid}-${Date.now()}`)
  try {
    mkdirSync(temporary, { recursive: true })
    for (const file of print.files)
      placeFile(join(directory, file.name), join(temporary, file.name))
    writeManifest(temporary, manifest)
    moveIntoPlace(temporary, target)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw asWriteFailure(
      error,
      target,
      print.files.reduce((sum, file) => sum + file.bytes, 0),
    )
  }
  for (const file of print.files) rememberDigest(join(target, file.name), file.sha256, home)
  return manifest
}

/** A model that is here already and now came from a hub (or from another commit of it) says so. */
function recordArrival(
  target: string,
  present: ModelManifest,
  arrival: ModelArrival,
): ModelManifest {
  if (arrival.source === undefined || arrival.source === present.source) return present
  const manifest = { ...present, ...arrival }
  writeManifest(target, manifest)
  return manifest
}

function writeManifest(directory: string, manifest: ModelManifest): void {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  writeFileAtomically(join(directory, manifestFile), (append) => append(text), text.length)
}

/** Whether every stored file still has the digest it was imported with. */
export function isIntact(target: string, manifest: ModelManifest, home: string): boolean {
  return manifest.files.every(({ name, bytes, sha256 }) => {
    const path = join(target, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && stat.size === bytes && digestFile(path, home) === sha256
  })
}

/** Another process may import the same model at the same time; then its directory is as good as ours. */
function moveIntoPlace(temporary: string, target: string): void {
  try {
    renameSync(temporary, target)
    flushDirectory(join(target, '..'))
  } catch (error) {
    if (readManifest(target) === null) throw error
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Deletes imports that a killed process left half done. */
function removeLeftovers(home: string): void {
  const root = modelsDirectory(home)
  for (const name of existsSync(root) ? readdirSync(root) : []) {
    const owner = name.startsWith(temporaryPrefix) ? Number(name.split('-')[1]) : NaN
    if (owner > 0 && !isAlive(owner)) rmSync(join(root, name), { recursive: true, force: true })
  }
}

/** Whether a process of this machine runs under the number. */
export function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const waysToPlace: readonly ((source: string, target: string) => void)[] = [
  (source, target) => copyFileSync(source, target, constants.COPYFILE_FICLONE_FORCE),
  (source, target) => linkSync(source, target),
]

/** Gives a file a second place without a second copy where the disk can. */
export function placeFile(source: string, target: string): void {
  // A symbolic link (as in a hub cache) is followed: the runtime refuses links that leave the model's directory.
  const real = realpathSync(source)
  for (const place of waysToPlace) {
    try {
      return place(real, target)
    } catch {
      rmSync(target, { force: true })
    }
  }
  copyFileSync(real, target)
}
