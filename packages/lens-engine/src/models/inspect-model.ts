// What a model is, from config.json and the headers of its weights: sizes, tensors, and the memory a run would take.
import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { findArchitecture } from '../architectures/registry.js'
import type { Architecture, ModelShape } from '../architectures/architecture.js'
import { availableMemory, type MemoryNeeds } from '../runtime/memory-estimate.js'
import { createTokenizer, loadTokenizer } from '../tokenizers/load-tokenizer.js'
import { withGguf, type GgufFile } from '../weights/open-gguf.js'
import { openWeights } from '../weights/open-weights.js'
import type { StoredTensor, WeightSizesSource } from '../weights/weight-source.js'
import { makeConfig } from './gguf-config.js'
import { resolveHome } from './home.js'
import {
  convertedWeights,
  existingGguf,
  ggufModelName,
  planModelTensors,
  readGgufTokenizer,
} from './import-gguf.js'
import { locateModel, type ModelStoreOptions } from './model-store.js'
import { fitInto, predictRun, type MemoryFit } from './predict-memory.js'
import { readConfig } from './read-config.js'

export type InspectedTensor = Omit<StoredTensor, 'dtype'> & {
  /** Element type in safetensors' or GGUF's words. */
  readonly dtype: string
  readonly parameter: boolean
}

export interface ModelInspection {
  readonly name: string
  readonly directory: string
  /** Whether the model was imported into the store. */
  readonly stored: boolean
  readonly weightsDigest: string | null
  readonly shape: ModelShape
  /** Values in all parameters; buffers such as causal masks are left out. */
  readonly parameters: number
  /** Element types of the parameters, joined by "+". */
  readonly dtype: string
  /** Bytes of all tensors. */
  readonly bytes: number
  readonly files: readonly string[]
  readonly tensors: readonly InspectedTensor[]
  readonly tokenizer: { readonly vocabularySize: number; readonly digest: string } | null
  /** Bytes a run of `memoryPositions` positions would take, in each way it can run. */
  readonly memory: MemoryNeeds
  readonly memoryPositions: number
  readonly availableMemory: number
  /** Whether it fits in some way. */
  readonly fits: boolean
  readonly fit: MemoryFit
}

/** What the files of a model say about it, whatever their format. */
type ModelFacts = Pick<
  ModelInspection,
  'name' | 'directory' | 'stored' | 'weightsDigest' | 'shape' | 'files' | 'tensors' | 'tokenizer'
> & {
  readonly architecture: Architecture
  /** The parameters once they are in the store. */
  readonly weights: WeightSizesSource
}

/**
 * Describes a model without importing, hashing or loading it; of a GGUF file only the header is read.
 * @throws MODEL_NOT_FOUND, MODEL_UNSUPPORTED, CONFIG_INVALID, WEIGHTS_INVALID, UNSAFE_PICKLE, TOKENIZER_INVALID
 */
export function inspectModel(nameOrPath: string, options: ModelStoreOptions = {}): ModelInspection {
  const home = options.home ?? resolveHome()
  const gguf = existingGguf(nameOrPath)
  const { architecture, weights, ...facts } =
    gguf === null ? readDirectory(nameOrPath, home) : withGguf(gguf, (file) => readGguf(gguf, file))
  const parameters = facts.tensors.filter(({ parameter }) => parameter)
  const memoryPositions = Math.min(256, facts.shape.contextLength)
  const memory = predictRun(architecture, facts.shape, weights, memoryPositions)
  const available = availableMemory()
  const fit = fitInto(memory, available)
  return {
    ...facts,
    parameters: parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    dtype: [...new Set(parameters.map(({ dtype }) => dtype))].join('+'),
    bytes: facts.tensors.reduce((sum, { length }) => sum + length, 0),
    memory,
    memoryPositions,
    availableMemory: available,
    fits: fit !== 'not',
    fit,
  }
}

function readDirectory(nameOrDirectory: string, home: string): ModelFacts {
  const { name, directory, manifest } = locateModel(nameOrDirectory, home)
  const { config } = readConfig(directory)
  const architecture = findArchitecture(config)
  const weights = openWeights(directory)
  const tokenizer = loadTokenizer(directory)
  return {
    name,
    directory,
    stored: manifest !== null,
    weightsDigest: manifest?.weightsDigest ?? null,
    shape: architecture.readShape(config),
    files: weights.files,
    tensors: weights
      .tensors()
      .map((tensor) => ({ ...tensor, parameter: !architecture.buffers.test(tensor.name) })),
    tokenizer: tokenizer && { vocabularySize: tokenizer.vocabularySize, digest: tokenizer.digest },
    architecture,
    weights,
  }
}

function readGguf(path: string, file: GgufFile): ModelFacts {
  const config = makeConfig(file)
  const architecture = findArchitecture(config)
  const tensors = planModelTensors(file, config)
  const names = new Map(tensors.map(({ source, name }) => [source, name]))
  return {
    name: ggufModelName(path),
    directory: dirname(path),
    stored: false,
    weightsDigest: null,
    shape: architecture.readShape(config),
    files: [basename(path)],
    tensors: file.tensors.map(({ name, format, shape, length }) => ({
      name: names.get(name) ?? name,
      dtype: format.name,
      shape,
      file: basename(path),
      length,
      parameter: names.has(name),
    })),
    tokenizer: describeTokenizer(readGgufTokenizer(file), path),
    architecture,
    weights: convertedWeights(tensors),
  }
}

function describeTokenizer(json: unknown, path: string): ModelInspection['tokenizer'] {
  if (json === null) return null
  const digest = createHash('sha256')
    .update(`${JSON.stringify(json)}\n`)
    .digest('hex')
  return { vocabularySize: createTokenizer(json, digest, path).vocabularySize, digest }
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
