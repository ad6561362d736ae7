// A model's name or directory -> a directory in the store that the engine may write its graphs into.
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { findArchitecture } from '../architectures/registry.js'
import { LensEngineError } from '../errors.js'
import { checkMemory } from '../runtime/memory-estimate.js'
import { openWeights } from '../weights/open-weights.js'
import { weightsInvalid } from '../weights/weights-error.js'
import { findRepositoryRoot, resolveHome } from './home.js'
import {
  convertGguf,
  convertGgufInSteps,
  existingGguf,
  ggufModelName,
  type ConversionOptions,
} from './import-gguf.js'
import { memoryCapacity } from './memory-capacity.js'
import {
  fingerprintModel,
  importModel,
  isIntact,
  modelsDirectory,
  storeKey,
  type ModelArrival,
} from './import-model.js'
import { readManifest, type HubOrigin, type ModelManifest } from './model-manifest.js'
import {
  bundledNames,
  checkModelName,
  isModelName,
  looksLikePath,
  modelNotFound,
  toModelName,
} from './model-name.js'
import { predictRun } from './predict-memory.js'
import { readConfig } from './read-config.js'

/** A model in the store. */
export interface ModelDirectory {
  readonly name: string
  /** Inside the store; holds config.json, the weights and, if the model has one, tokenizer.json. */
  readonly directory: string
  /** Where it was imported from. */
  readonly source: string
  /** Imprint's home, which the store is in. */
  readonly home: string
  readonly weightsDigest: string
  readonly configDigest: string
  readonly config: unknown
  /** The hub's repository and commit it was downloaded from; null where it came from the disk. */
  readonly hub: HubOrigin | null
}

export interface ModelStoreOptions {
  /** Imprint's home directory; `resolveHome()` when absent. */
  readonly home?: string
}

export interface AddModelOptions extends ModelStoreOptions {
  readonly name?: string
  /** What to record as the model's origin in place of the directory. */
  readonly arrival?: ModelArrival
}

/** One line of the list of models. */
export interface ModelListing {
  readonly name: string
  readonly source: string
  readonly hub: HubOrigin | null
  /** null for the bundled model before its first use. */
  readonly directory: string | null
  readonly weightsDigest: string | null
  /** Bytes of all files. */
  readonly bytes: number | null
  readonly bundled: boolean
  readonly available: boolean
  /** Why it cannot be opened, or null. */
  readonly reason: string | null
}

/**
 * Opens a model by name (`bundled`, or one added before) or by directory, importing it into the store at first use.
 * A model that cannot fit into memory is refused from its header, before anything is read or imported.
 * @throws MODEL_NOT_FOUND, MODEL_UNSUPPORTED, MODEL_TOO_LARGE, CONFIG_INVALID, WEIGHTS_INVALID, UNSAFE_PICKLE, DISK_FULL
 */
export function openModel(
  nameOrDirectory: string,
  options: ModelStoreOptions = {},
): ModelDirectory {
  const home = options.home ?? resolveHome()
  const place = locateModel(nameOrDirectory, home)
  refuseTooLarge(place.directory)
  return place.manifest === null
    ? importFrom(place.directory, place.name, home)
    : openStored(place.directory, place.manifest, home)
}

/**
 * Adds a model to the store under `name`, the directory's own when absent.
 * @throws BAD_ARGUMENT when the name is not plain or belongs to a model with other files; as `openModel` otherwise
 */
export function addModel(directory: string, options: AddModelOptions = {}): ModelDirectory {
  const home = options.home ?? resolveHome()
  if (options.name !== undefined) checkModelName(options.name)
  const { source, ownName } = findSource(directory, home)
  const name = options.name ?? ownName
  checkModelName(name)
  const print = fingerprintModel(source, home)
  refuseTakenName(name, home, ({ directory }) => basename(directory) === storeKey(name, print))
  return importFrom(source, name, home, options.arrival)
}

/** `addModel` for a process that must stay responsive: a GGUF file is converted tensor by tensor. */
export async function addModelInSteps(
  directory: string,
  options: AddModelOptions & ConversionOptions = {},
): Promise<ModelDirectory> {
  const home = options.home ?? resolveHome()
  if (options.name !== undefined) checkModelName(options.name)
  const gguf = existingGguf(directory)
  if (gguf !== null) await convertGgufInSteps(gguf, home, options)
  return addModel(directory, options)
}

/** @throws BAD_ARGUMENT when the name belongs to a model that is not the `same` */
export function refuseTakenName(
  name: string,
  home: string,
  same: (stored: StoredModel) => boolean,
): void {
  const taken = storedModels(home).find(({ manifest }) => manifest.name === name)
  if (taken === undefined || same(taken)) return
  throw new LensEngineError(
    'BAD_ARGUMENT',
    `the name ${name} belongs to a model with other files`,
    {
      details: { name, source: taken.manifest.source },
      cure: 'Choose another: `lens models add <source> --name <name>`.',
    },
  )
}

/** Every model that can be named: the bundled one first, then those added, by name. */
export function listModels(options: ModelStoreOptions = {}): readonly ModelListing[] {
  const home = options.home ?? resolveHome()
  const bundled = bundledDirectory()
  const stored = storedModels(home)
  const listings = stored
    .map(({ directory, manifest }): ModelListing => describeStored(directory, manifest))
    .sort((left, right) => left.name.localeCompare(right.name))
  const first = listings.find((listing) => listing.bundled) ?? describeBundled(bundled)
  return [first, ...listings.filter((listing) => listing !== first)]
}

/** Where a name or directory leads: a stored model with its manifest, or a directory that is not imported yet. */
export interface ModelPlace {
  readonly name: string
  readonly directory: string
  readonly manifest: ModelManifest | null
}

/** @throws MODEL_NOT_FOUND with the nearest known names */
export function locateModel(nameOrDirectory: string, home: string): ModelPlace {
  if (bundledNames.includes(nameOrDirectory)) {
    const directory = bundledDirectory()
    if (directory !== null) return { name: basename(directory), directory, manifest: null }
  }
  if (isModelName(nameOrDirectory)) {
    const stored = storedModels(home).filter(({ manifest }) => manifest.name === nameOrDirectory)
    const newest = stored
      .sort((a, b) => a.manifest.importedAt.localeCompare(b.manifest.importedAt))
      .at(-1)
    if (newest !== undefined) return { name: nameOrDirectory, ...newest }
  }
  const { source, ownName } = findSource(nameOrDirectory, home)
  return { name: ownName, directory: source, manifest: readManifest(source) }
}

/** A directory in Hugging Face layout and the name it suggests; a GGUF file is converted into one first. */
function findSource(asked: string, home: string): { source: string; ownName: string } {
  const gguf = existingGguf(asked)
  if (gguf !== null) return { source: convertGguf(gguf, home), ownName: ggufModelName(gguf) }
  const source = existingDirectory(asked) ?? refuse(asked, home)
  return { source, ownName: toModelName(basename(source)) }
}

function importFrom(
  directory: string,
  name: string,
  home: string,
  arrival: ModelArrival = {},
): ModelDirectory {
  const print = fingerprintModel(directory, home)
  const manifest = importModel(directory, name, print, home, arrival)
  return toModelDirectory(join(modelsDirectory(home), storeKey(name, print)), manifest, home)
}

function openStored(directory: string, manifest: ModelManifest, home: string): ModelDirectory {
  if (!isIntact(directory, manifest, home))
    throw weightsInvalid(
      'CHANGED_SINCE_IMPORT',
      directory,
      `files of the model ${manifest.name} changed`,
      {
        model: manifest.name,
      },
    )
  return toModelDirectory(directory, manifest, home)
}

function toModelDirectory(
  directory: string,
  manifest: ModelManifest,
  home: string,
): ModelDirectory {
  const { name, source, weightsDigest, configDigest } = manifest
  return {
    name,
    directory,
    source,
    home,
    weightsDigest,
    configDigest,
    config: readConfig(directory).config,
    hub: manifest.hub ?? null,
  }
}

function refuseTooLarge(directory: string): void {
  const { config } = readConfig(directory)
  const architecture = findArchitecture(config)
  // Against all of the memory, not what is free now: the model may be loaded already. Loading checks what is free.
  const needs = predictRun(architecture, architecture.readShape(config), openWeights(directory), 1)
  checkMemory(needs, memoryCapacity())
}

/** A model's directory in the store and the record in it. */
export interface StoredModel {
  readonly directory: string
  readonly manifest: ModelManifest
}

function storedModels(home: string): StoredModel[] {
  const root = modelsDirectory(home)
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => {
      const directory = join(root, name)
      const manifest = readManifest(directory)
      return manifest === null ? [] : [{ directory, manifest }]
    })
}

function bundledDirectory(): string | null {
  const root = findRepositoryRoot()
  if (root === null) return null
  const directory = join(root, 'models', 'facts-gpt2')
  return existingDirectory(directory) ?? directory
}

/** Digest of the bundled model's weights; null where this clone has none. */
export function bundledWeightsDigest(home: string): string | null {
  const directory = bundledDirectory()
  if (directory === null || !existsSync(join(directory, 'model.safetensors'))) return null
  return fingerprintModel(directory, home).weightsDigest
}

function describeStored(directory: string, manifest: ModelManifest): ModelListing {
  const missing = manifest.files.find(({ name }) => !existsSync(join(directory, name)))
  return {
    name: manifest.name,
    source: manifest.source,
    hub: manifest.hub ?? null,
    directory,
    weightsDigest: manifest.weightsDigest,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    bundled: manifest.source === bundledDirectory(),
    available: missing === undefined,
    reason: missing === undefined ? null : `${missing.name} is gone`,
  }
}

function describeBundled(directory: string | null): ModelListing {
  const available = directory !== null && existsSync(join(directory, 'model.safetensors'))
  return {
    name: 'facts-gpt2',
    source: directory ?? '',
    hub: null,
    directory: null,
    weightsDigest: null,
    bytes: available ? statSync(join(directory, 'model.safetensors')).size : null,
    bundled: true,
    available,
    reason: available ? null : 'its weights are not in this clone',
  }
}

/** The real path of a directory; null for anything else, unreadable places included. */
function existingDirectory(path: string): string | null {
  if (path === '' || path.includes('\0')) return null
  try {
    const found = realpathSync(resolve(path))
    return statSync(found).isDirectory() ? found : null
  } catch {
    return null
  }
}

function refuse(asked: string, home: string): never {
  const known = listModels({ home }).filter((model) => model.available)
  const names = [...new Set(known.map(({ name, bundled }) => (bundled ? 'bundled' : name)))]
  if (looksLikePath(asked))
    throw new LensEngineError(
      'MODEL_NOT_FOUND',
      `${asked.slice(0, 200)} is neither a directory nor a GGUF file`,
      {
        details: { model: asked.slice(0, 200), known: names.join(', '), suggestion: null },
        cure: `Name a directory with config.json and model.safetensors, a .gguf file, or one of: ${names.join(', ')}. \`lens models add hf:owner/name\` gets a model from a hub.`,
      },
    )
  throw modelNotFound(asked, names)
}
