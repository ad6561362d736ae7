// The files of a repository -> those a model consists of. Pickled weights are never among them.
import { posix } from 'node:path'
import { LensEngineError } from '../errors.js'
import { configFile } from '../models/read-config.js'
import { tokenizerFile } from '../tokenizers/load-tokenizer.js'
import { weightsFile } from '../weights/open-weights.js'
import { pickleFileNames, unsafePickle } from '../weights/pickle-magic.js'
import { shardIndexFile } from '../weights/sharded-safetensors.js'
import { hubNotFound } from './hub-error.js'
import type { HubFile } from './hub-api.js'
import { formatHubSource, type HubSource } from './model-source.js'

/** What to fetch, in this order. */
export interface FilePlan {
  /** Small files that are needed to know the rest. */
  readonly first: readonly HubFile[]
  /** Whether `first` holds an index that names the shards. */
  readonly sharded: boolean
  readonly weights: readonly HubFile[]
}

/** Sizes above which the engine would not read a file. */
const limits: Readonly<Record<string, number>> = {
  [configFile]: 2 ** 20,
  [tokenizerFile]: 64 * 2 ** 20,
  [shardIndexFile]: 16 * 2 ** 20,
}

/**
 * Chooses config.json, tokenizer.json and the weights, or the one GGUF file that was asked for.
 * @throws UNSAFE_PICKLE, HUB_NOT_FOUND, MODEL_UNSUPPORTED, BAD_ARGUMENT where there are only GGUF files and none is named
 */
export function chooseFiles(listed: readonly HubFile[], source: HubSource): FilePlan {
  const find = (path: string) => listed.find((file) => file.path === path)
  if (source.file !== null)
    return { first: [], sharded: false, weights: [chooseGguf(listed, source, source.file)] }
  const weights = find(weightsFile)
  const index = weights === undefined ? find(shardIndexFile) : undefined
  if (weights === undefined && index === undefined) throw noWeights(listed, source)
  const config = find(configFile)
  if (config === undefined) throw absent(configFile, listed, source)
  const first = [config, find(tokenizerFile), index].filter((file) => file !== undefined)
  first.forEach((file) => refuseOversized(file, source))
  return { first, sharded: index !== undefined, weights: weights === undefined ? [] : [weights] }
}

/** The shards an index names. @throws HUB_NOT_FOUND naming one that is not listed */
export function chooseShards(
  names: readonly string[],
  listed: readonly HubFile[],
  source: HubSource,
): readonly HubFile[] {
  return names.map((name) => {
    const file = listed.find(({ path }) => path === name)
    if (file === undefined) throw absent(name, listed, source)
    return file
  })
}

function chooseGguf(listed: readonly HubFile[], source: HubSource, path: string): HubFile {
  if (/-\d{5}-of-\d{5}\.gguf$/i.test(path))
    throw new LensEngineError('MODEL_UNSUPPORTED', `${path} is one part of a split GGUF file`, {
      details: { file: path },
      cure: 'Choose a GGUF file that is whole, or the repository with the safetensors files.',
    })
  return listed.find((file) => file.path === path) ?? refuse(absent(path, listed, source))
}

function noWeights(listed: readonly HubFile[], source: HubSource): LensEngineError {
  const gguf = ggufNames(listed)
  if (gguf.length > 0)
    return new LensEngineError(
      'BAD_ARGUMENT',
      `${source.repository} holds GGUF files; say which one you want`,
      {
        details: { repository: source.repository, files: gguf.slice(0, 50).join(', ') },
        cure: `Write for example ${formatHubSource({ ...source, file: gguf[0]! })}. There are: ${gguf.slice(0, 12).join(', ')}.`,
      },
    )
  const pickled = listed.find(({ path }) => pickleFileNames.test(path))
  if (pickled !== undefined)
    return unsafePickle(
      `${formatHubSource(source)}/${pickled.path}`,
      'a pickled checkpoint, and the repository has no safetensors file: nothing was fetched',
    )
  return absent(weightsFile, listed, source)
}

function absent(path: string, listed: readonly HubFile[], source: HubSource): LensEngineError {
  const gguf = ggufNames(listed).filter((name) => name.endsWith(posix.extname(path)))
  const cure =
    gguf.length > 0 && source.file !== null
      ? `There are: ${gguf.slice(0, 12).join(', ')}.`
      : 'A model needs config.json and model.safetensors (or its shards); adapters and datasets are not read.'
  return hubNotFound(
    'file',
    path,
    `${source.repository} has no such file. ${cure}`,
    gguf[0] ?? null,
  )
}

function ggufNames(listed: readonly HubFile[]): readonly string[] {
  return listed.map(({ path }) => path).filter((path) => /\.gguf$/i.test(path))
}

function refuseOversized({ path, bytes }: HubFile, source: HubSource): void {
  const limit = limits[path] ?? Infinity
  if (bytes <= limit) return
  throw new LensEngineError(
    'HUB_ANSWER_INVALID',
    `${path} of ${source.repository} has ${bytes} bytes, more than ${limit}: it cannot be what its name says`,
    { details: { file: path, bytes, limit }, cure: 'Use the repository of the model’s publisher.' },
  )
}

function refuse(error: LensEngineError): never {
  throw error
}
