// A model's facts from config.json and the headers of its weights alone; nothing is loaded and no runtime is needed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import type { MatrixName } from '../architectures/hook-points.js'
import { findArchitecture } from '../architectures/registry.js'
import { LensEngineError } from '../errors.js'
import { openWeights } from '../weights/open-weights.js'
import type { WeightSource } from '../weights/weight-source.js'

/** A model's directory inside the store; graphs are written beside its weights. */
export interface ModelFiles {
  readonly name: string
  readonly directory: string
  readonly weightsDigest: string
  readonly configDigest: string
  readonly config: unknown
  /** Imprint's home, where a user's own hyperparameters for the model are; absent for a model outside of the store. */
  readonly home?: string
}

export interface ModelDescription {
  readonly name: string
  readonly digest: string
  readonly family: string
  readonly layers: number
  readonly width: number
  readonly heads: number
  readonly innerWidth: number
  readonly contextLength: number
  readonly vocabularySize: number
  readonly parameters: number
  readonly bytes: number
  readonly dtype: string
  readonly matrices: readonly MatrixName[]
  readonly hasTokenizer: boolean
}

/** What a description is made of. */
export interface ModelParts {
  readonly files: ModelFiles
  readonly config: Config
  readonly architecture: Architecture
  readonly shape: ModelShape
  readonly weights: WeightSource
}

/** @throws CONFIG_INVALID, MODEL_UNSUPPORTED, WEIGHTS_INVALID, UNSAFE_PICKLE, MODEL_NOT_FOUND */
export function readModelParts(files: ModelFiles): ModelParts {
  const config = asConfig(files.config)
  const architecture = findArchitecture(config)
  return {
    files,
    config,
    architecture,
    shape: architecture.readShape(config),
    weights: openWeights(files.directory),
  }
}

/** The description of a model that is not loaded. @throws as `readModelParts` */
export function describeModel(
  files: ModelFiles,
): ModelDescription & { readonly shape: ModelShape } {
  const parts = readModelParts(files)
  return { ...describeParts(parts), shape: parts.shape }
}

export function describeParts({
  files,
  architecture,
  shape,
  weights,
}: Omit<ModelParts, 'config'>): ModelDescription {
  const names = parameterNames(architecture, weights)
  return {
    ...shape,
    name: files.name,
    digest: files.weightsDigest,
    parameters: names.reduce((sum, name) => sum + product(weights.get(name).shape), 0),
    bytes: weights.bytes,
    dtype: parameterDtype(architecture, weights),
    matrices: architecture.matrices,
    hasTokenizer: existsSync(join(files.directory, 'tokenizer.json')),
  }
}

/** The element type of the parameters, or several joined by "+". */
export function parameterDtype(architecture: Architecture, weights: WeightSource): string {
  const names = parameterNames(architecture, weights)
  return [...new Set(names.map((name) => weights.get(name).dtype))].join('+')
}

/** Tensors that are parameters; files may also hold masks and other buffers. */
function parameterNames(architecture: Architecture, weights: WeightSource): readonly string[] {
  return weights.names().filter((name) => !architecture.buffers.test(name))
}

const product = (shape: readonly number[]): number => shape.reduce((total, size) => total * size, 1)

function asConfig(config: unknown): Config {
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) {
    return config as Config
  }
  throw new LensEngineError('CONFIG_INVALID', 'config.json is not a JSON object', {
    cure: 'Use the config.json that came with the weights.',
  })
}
