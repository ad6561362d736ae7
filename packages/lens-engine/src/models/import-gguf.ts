// A GGUF file -> a directory in Hugging Face layout inside Imprint's home: dequantised once to float32, whole or not at all.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { findArchitecture } from '../architectures/registry.js'
import { checkMemory, estimateMemory } from '../runtime/memory-estimate.js'
import { makeTokenizerJson } from '../tokenizers/gguf-tokenizer.js'
import { tokenizerFile } from '../tokenizers/load-tokenizer.js'
import { asWriteFailure, flushDirectory, writeFileAtomically } from '../weights/atomic-file.js'
import { withGguf, type GgufFile } from '../weights/open-gguf.js'
import { weightsFile } from '../weights/open-weights.js'
import { writeSafetensors } from '../weights/safetensors-writer.js'
import { digestFile } from './file-digest.js'
import { makeConfig } from './gguf-config.js'
import { planTensors } from './gguf-tensors.js'
import { memoryCapacity } from './memory-capacity.js'
import { toModelName } from './model-name.js'
import { configFile } from './read-config.js'

/** Raised when the conversion changes, so that older results are made again. */
const converterVersion = 1
const originFile = 'converted-from.json'

interface Origin {
  readonly version: number
  readonly file: string
  readonly sha256: string
}

/** The real path of a `.gguf` file; null for anything else. */
export function existingGguf(path: string): string | null {
  if (!/\.gguf$/i.test(path) || path.includes('\0')) return null
  try {
    const found = realpathSync(resolve(path))
    return statSync(found).isFile() ? found : null
  } catch {
    return null
  }
}

/** The name a model gets from its file's. */
export function ggufModelName(path: string): string {
  return toModelName(basename(path).replace(/\.gguf$/i, ''))
}

/** The GGUF file that a directory was converted from; null when it was not. */
export function convertedFrom(directory: string): string | null {
  return readOrigin(directory)?.file ?? null
}

/**
 * Converts a GGUF file, or answers the directory of an earlier conversion of the same bytes.
 * @param path as `existingGguf` answered it
 * @throws MODEL_UNSUPPORTED, CONFIG_INVALID, WEIGHTS_INVALID, TOKENIZER_INVALID, MODEL_TOO_LARGE, DISK_FULL
 */
export function convertGguf(path: string, home: string): string {
  return withGguf(path, (file) => {
    const config = makeConfig(file)
    refuseTooLarge(file, config)
    const sha256 = digestFile(path, home)
    const root = join(home, 'converted')
    const target = join(root, `${ggufModelName(path)}-${sha256.slice(0, 12)}`)
    if (readOrigin(target)?.sha256 === sha256) return target
    const temporary = join(root, `.${process.pid}-${Date.now()}`)
    try {
      mkdirSync(temporary, { recursive: true })
      writeModel(file, config, temporary)
      writeJson(join(temporary, originFile), { version: converterVersion, file: path, sha256 })
      rmSync(target, { recursive: true, force: true })
      renameSync(temporary, target)
      flushDirectory(root)
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true })
      throw asWriteFailure(error, target, floatBytes(file))
    }
    return target
  })
}

function writeModel(file: GgufFile, config: Readonly<Record<string, unknown>>, to: string): void {
  const { architecture, heads, keyValueHeads } = readHeads(file, config)
  const tensors = planTensors(file, architecture, { heads, keyValueHeads })
  const tokenizer = makeTokenizerJson(file.metadata, architecture)
  writeJson(join(to, configFile), config)
  if (tokenizer !== null) writeJson(join(to, tokenizerFile), tokenizer)
  writeSafetensors(join(to, weightsFile), tensors, { format: 'pt' })
}

function readHeads(file: GgufFile, config: Readonly<Record<string, unknown>>) {
  const { heads } = findArchitecture(config).readShape(config)
  return {
    architecture: file.metadata.get('general.architecture') as string,
    heads,
    keyValueHeads: Number(config['num_key_value_heads'] ?? heads),
  }
}

/** Before anything is hashed or written: the header tells what the model needs. */
function refuseTooLarge(file: GgufFile, config: Readonly<Record<string, unknown>>): void {
  const shape = findArchitecture(config).readShape(config)
  checkMemory(estimateMemory(shape, floatBytes(file), 1), memoryCapacity())
}

/** Bytes of all tensors as float32. */
function floatBytes({ tensors }: GgufFile): number {
  const values = tensors.map(({ shape }) => shape.reduce((product, size) => product * size, 1))
  return 4 * values.reduce((sum, count) => sum + count, 0)
}

function writeJson(path: string, value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
  writeFileAtomically(path, (append) => append(bytes), bytes.length)
}

function readOrigin(directory: string): Origin | null {
  const path = join(directory, originFile)
  try {
    const origin = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Origin) : null
    return origin?.version === converterVersion ? origin : null
  } catch {
    return null
  }
}
