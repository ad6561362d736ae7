// A model's directory -> WeightSource: finds the safetensors file or its shards and reads their headers only.
import { closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { dtypes, isParameterDtype, type ParameterDtype } from '../tensor/dtype.js'
import { bfloat16ToFloat32, float16ToFloat32 } from '../tensor/half-precision.js'
import { pickleFileNames, refusePickle, unsafePickle } from './pickle-magic.js'
import { readBytes, readSafetensorsHeader, type SafetensorsTensor } from './safetensors.js'
import { readShardIndex, shardIndexFile, type ShardIndex } from './sharded-safetensors.js'
import type { WeightSource, WeightTensor } from './weight-source.js'
import { weightsInvalid } from './weights-error.js'

/** The file a model in Hugging Face layout keeps its parameters in. */
export const weightsFile = 'model.safetensors'

type LocatedTensor = SafetensorsTensor & { readonly file: string }

const converters: Readonly<Record<ParameterDtype, (bytes: Buffer) => Float32Array>> = {
  F32: (bytes) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
  F16: (bytes) => float16ToFloat32(asHalves(bytes)),
  BF16: (bytes) => bfloat16ToFloat32(asHalves(bytes)),
}

/**
 * Opens the weights of a model directory: `model.safetensors`, or the shards of `model.safetensors.index.json`.
 * @throws WEIGHTS_INVALID for a malformed file, UNSAFE_PICKLE when there are only pickled ones, MODEL_NOT_FOUND for none
 */
export function openWeights(directory: string): WeightSource {
  const index = existsSync(join(directory, weightsFile)) ? null : openShardIndex(directory)
  const files = index === null ? [weightsFile] : index.files
  const tensors = new Map<string, LocatedTensor>()
  for (const file of files) {
    for (const tensor of readHeaderOf(join(directory, file))) {
      if (index !== null && index.fileOf.get(tensor.name) !== file) continue
      tensors.set(tensor.name, { ...tensor, file })
    }
  }
  index?.fileOf.forEach((file, name) => {
    if (!tensors.has(name))
      throw weightsInvalid(
        'BAD_INDEX',
        shardIndexFile,
        `${file} does not hold the tensor ${JSON.stringify(name)}`,
        {
          tensor: name,
        },
      )
  })
  return createWeightSource(directory, files, tensors)
}

function openShardIndex(directory: string): ShardIndex {
  if (existsSync(join(directory, shardIndexFile))) return readShardIndex(directory)
  const names = existsSync(directory) ? readdirSync(directory) : []
  const pickled = names.find((name) => pickleFileNames.test(name))
  if (pickled !== undefined)
    throw unsafePickle(join(directory, pickled), 'a pickled or converted checkpoint')
  throw new LensEngineError('MODEL_NOT_FOUND', `${directory} has no ${weightsFile}`, {
    details: { directory },
    cure: 'Name a directory in Hugging Face layout: config.json, model.safetensors and, for text, tokenizer.json.',
  })
}

function readHeaderOf(path: string): readonly SafetensorsTensor[] {
  try {
    if (!statSync(path).isFile())
      throw new LensEngineError('FILE_UNREADABLE', `${path} is not a regular file`, {
        details: { file: path },
        cure: 'Put the weights there as a file.',
      })
    refusePickle(path)
    return withFile(path, (descriptor) => readSafetensorsHeader(descriptor, path).tensors)
  } catch (error) {
    throw asReadFailure(error, path)
  }
}

function createWeightSource(
  directory: string,
  files: readonly string[],
  tensors: ReadonlyMap<string, LocatedTensor>,
): WeightSource {
  const get = (name: string): WeightTensor => {
    const tensor = tensors.get(name)
    if (tensor === undefined) throw missingTensor(name, tensors)
    if (!isParameterDtype(tensor.dtype)) throw notAParameter(tensor)
    return { ...tensor, dtype: tensor.dtype }
  }
  return {
    directory,
    files,
    bytes: [...tensors.values()].reduce((sum, tensor) => sum + tensor.length, 0),
    has: (name) => tensors.has(name),
    get,
    names: () => [...tensors.keys()],
    tensors: () => [...tensors.values()],
    read: (name) => readTensor(directory, get(name)),
  }
}

function readTensor(directory: string, tensor: WeightTensor): Float32Array {
  const path = join(directory, tensor.file)
  try {
    return withFile(path, (descriptor) =>
      converters[tensor.dtype](readBytes(descriptor, tensor.offset, tensor.length, path)),
    )
  } catch (error) {
    throw asReadFailure(error, path)
  }
}

function asHalves(bytes: Buffer): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

function withFile<Result>(path: string, use: (descriptor: number) => Result): Result {
  const descriptor = openSync(path, 'r')
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function asReadFailure(error: unknown, path: string): unknown {
  if (error instanceof LensEngineError || !(error instanceof Error)) return error
  return new LensEngineError('FILE_UNREADABLE', `${path} cannot be read: ${error.message}`, {
    details: { file: path },
    cure: 'Check that the file is there and that this user may read it.',
    cause: error,
  })
}

function missingTensor(name: string, tensors: ReadonlyMap<string, LocatedTensor>): LensEngineError {
  return new LensEngineError(
    'WEIGHTS_MISMATCH',
    `the weights have no tensor ${JSON.stringify(name)}`,
    {
      details: {
        tensor: name,
        tensors: tensors.size,
        first: [...tensors.keys()].slice(0, 3).join(', '),
      },
      cure: 'Use the config.json that was published with these weights.',
    },
  )
}

function notAParameter(tensor: LocatedTensor): LensEngineError {
  const accepted = Object.keys(dtypes).filter(
    (name) => dtypes[name as keyof typeof dtypes].parameter,
  )
  return new LensEngineError(
    'WEIGHTS_MISMATCH',
    `the tensor ${JSON.stringify(tensor.name)} in ${basename(tensor.file)} has the type ${tensor.dtype}`,
    {
      details: { tensor: tensor.name, dtype: tensor.dtype, accepted: accepted.join(', ') },
      cure: `Convert the parameters to one of ${accepted.join(', ')}.`,
    },
  )
}
