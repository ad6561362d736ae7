// A method and a model -> the hyperparameters to use when none are given: from the user's own sweep of these weights, swept
// here for them, published for a model of this shape, or derived, in that order. Files: hyperparameters/<method>/<model>.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { EditMethod, MethodDefaults } from './edit-method.js'
import { completeHyperparameters, type HyperparameterValues } from './hyperparameters.js'

const directory = fileURLToPath(new URL('../../hyperparameters/', import.meta.url))

/** What defaults depend on. */
export type DefaultsModel = Pick<LoadedModel, 'files' | 'shape' | 'architecture'>

/** One file of defaults. */
export interface DefaultsFile {
  /** Which models it is for: exact weights, or every model of a shape. */
  readonly match: {
    readonly weightsDigest?: string
    readonly family?: string
    readonly layers?: number
    readonly width?: number
  }
  readonly provenance: 'swept' | 'published'
  readonly source: string
  readonly values: HyperparameterValues
}

/** Where a user's own defaults of a method are. */
export const ownDefaultsDirectory = (home: string, method: string): string =>
  join(home, 'hyperparameters', method)

/** @throws CONFIG_INVALID when a file of defaults is malformed */
export function defaultsFor(method: EditMethod, model: DefaultsModel): MethodDefaults {
  const files = readDefaults(method.name)
  const { home } = model.files
  const own = home === undefined ? [] : readDirectory(ownDefaultsDirectory(home, method.name))
  const found =
    own.find(({ file }) => file.match.weightsDigest === model.files.weightsDigest) ??
    files.find(({ file }) => file.match.weightsDigest === model.files.weightsDigest) ??
    files.find(({ file }) => matchesShape(file, model))
  if (found === undefined) {
    return { ...method.deriveDefaults(model), provenance: 'derived' }
  }
  const { values, provenance, source } = found.file
  completeHyperparameters(method.hyperparameters, {}, values, model.shape)
  return { values, provenance, source }
}

function matchesShape({ match }: DefaultsFile, { shape }: DefaultsModel): boolean {
  return (
    match.weightsDigest === undefined &&
    match.family === shape.family &&
    match.layers === shape.layers &&
    match.width === shape.width
  )
}

export interface NamedDefaults {
  readonly name: string
  readonly file: DefaultsFile
}

/** Every file of defaults of a method that comes with the package, by name. */
export const readDefaults = (method: string): readonly NamedDefaults[] =>
  readDirectory(join(directory, method))

function readDirectory(place: string): readonly NamedDefaults[] {
  if (!existsSync(place)) return []
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, file: parseDefaults(join(place, name)) }))
}

function parseDefaults(path: string): DefaultsFile {
  const file = parseJson(path)
  const { match, provenance, source, values } = file
  const byShape =
    match?.family !== undefined && match.layers !== undefined && match.width !== undefined
  const valid =
    (byShape || typeof match?.weightsDigest === 'string') &&
    (provenance === 'swept' || provenance === 'published') &&
    typeof source === 'string' &&
    typeof values === 'object' &&
    values !== null
  if (valid) return file as DefaultsFile
  throw malformed(path, 'it lacks match, provenance, source or values')
}

function parseJson(path: string): Partial<DefaultsFile> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<DefaultsFile>
  } catch (error) {
    throw malformed(path, String(error))
  }
}

const malformed = (path: string, why: string): LensEngineError =>
  new LensEngineError('CONFIG_INVALID', `the defaults in ${path} are malformed: ${why}`, {
    details: { file: path },
    cure: "Restore the file from the repository; one under Imprint's home may be deleted, `lens sweep --save` writes it.",
  })
