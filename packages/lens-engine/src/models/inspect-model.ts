// What a model is, from config.json and the headers of its weights: sizes, tensors, and the memory a run would take.
import { findArchitecture } from '../architectures/registry.js'
import type { ModelShape } from '../architectures/architecture.js'
import { availableMemory, estimateMemory, type MemoryEstimate } from '../runtime/memory-estimate.js'
import { loadTokenizer } from '../tokenizers/load-tokenizer.js'
import { openWeights } from '../weights/open-weights.js'
import type { StoredTensor } from '../weights/weight-source.js'
import { resolveHome } from './home.js'
import { locateModel, type ModelStoreOptions } from './model-store.js'
import { readConfig } from './read-config.js'

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
  readonly tensors: readonly (StoredTensor & { readonly parameter: boolean })[]
  readonly tokenizer: { readonly vocabularySize: number; readonly digest: string } | null
  /** Bytes a run of `memoryPositions` positions would take. */
  readonly memory: MemoryEstimate
  readonly memoryPositions: number
  readonly availableMemory: number
  readonly fits: boolean
}

/**
 * Describes a model without importing, hashing or loading it.
 * @throws MODEL_NOT_FOUND, MODEL_UNSUPPORTED, CONFIG_INVALID, WEIGHTS_INVALID, UNSAFE_PICKLE, TOKENIZER_INVALID
 */
export function inspectModel(
  nameOrDirectory: string,
  options: ModelStoreOptions = {},
): ModelInspection {
  const { name, directory, manifest } = locateModel(nameOrDirectory, options.home ?? resolveHome())
  const { config } = readConfig(directory)
  const architecture = findArchitecture(config)
  const shape = architecture.readShape(config)
  const weights = openWeights(directory)
  const tensors = weights
    .tensors()
    .map((tensor) => ({ ...tensor, parameter: !architecture.buffers.test(tensor.name) }))
  const parameters = tensors.filter(({ parameter }) => parameter)
  const memoryPositions = Math.min(256, shape.contextLength)
  const memory = estimateMemory(shape, weights.bytes, memoryPositions)
  const available = availableMemory()
  const tokenizer = loadTokenizer(directory)
  return {
    name,
    directory,
    stored: manifest !== null,
    weightsDigest: manifest?.weightsDigest ?? null,
    shape,
    parameters: parameters.reduce(
      (sum, { shape: sizes }) => sum + sizes.reduce((total, size) => total * size, 1),
      0,
    ),
    dtype: [...new Set(parameters.map(({ dtype }) => dtype))].join('+'),
    bytes: weights.bytes,
    files: weights.files,
    tensors,
    tokenizer: tokenizer && { vocabularySize: tokenizer.vocabularySize, digest: tokenizer.digest },
    memory,
    memoryPositions,
    availableMemory: available,
    fits: memory.total <= available,
  }
}
