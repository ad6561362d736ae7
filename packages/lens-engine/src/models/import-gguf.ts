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
import { randomUUID } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { findArchitecture } from '../architectures/registry.js'
import { checkMemory } from '../runtime/memory-estimate.js'
import { makeTokenizerJson } from '../tokenizers/gguf-tokenizer.js'
import { tokenizerFile } from '../tokenizers/load-tokenizer.js'
import {
  asWriteFailure,
  flushDirectory,
  refuseWithoutRoom,
  writeFileAtomically,
} from '../weights/atomic-file.js'
import { withGgufInSteps, type GgufFile } from '../weights/open-gguf.js'
import { weightsFile } from '../weights/open-weights.js'
import { writeSafetensorsInSteps } from '../weights/safetensors-writer.js'
import type { WeightSizesSource } from '../weights/weight-source.js'
import { digestFile } from './file-digest.js'
import { makeConfig } from './gguf-config.js'
import { planTensors } from './gguf-tensors.js'
import { memoryCapacity } from './memory-capacity.js'
import { toModelName } from './model-name.js'
import { predictRun } from './predict-memory.js'
import { configFile } from './read-config.js'

/** Raised when the conversion changes, so that older results are made again. */
const converterVersion = 2
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

/** What a caller of a conversion may watch and stop. */
export interface ConversionOptions {
  readonly signal?: AbortSignal
  /** After each tensor. */
  readonly onConverted?: (doneBytes: number, totalBytes: number) => void
}

/**
 * Converts a GGUF file, or answers the directory of an earlier conversion of the same bytes.
 * @param path as `existingGguf` answered it
 * @throws MODEL_UNSUPPORTED, CONFIG_INVALID, WEIGHTS_INVALID, TOKENIZER_INVALID, MODEL_TOO_LARGE, DISK_FULL
 */
export function convertGguf(path: string, home: string): string {
  const steps = conversion(path, home)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/**
 * `convertGguf` that lets the process do other things after each tensor.
 * @throws as `convertGguf`, and the signal's reason; nothing is left behind then
 */
export async function convertGgufInSteps(
  path: string,
  home: string,
  { signal, onConverted }: ConversionOptions = {},
): Promise<string> {
  const steps = conversion(path, home)
  try {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      onConverted?.(...step.value)
      await setImmediate()
      signal?.throwIfAborted()
    }
  } finally {
    steps.return('')
  }
}

type ConversionStep = [doneBytes: number, totalBytes: number]

function conversion(path: string, home: string): Generator<ConversionStep, string> {
  return withGgufInSteps(path, function* (file) {
    const config = makeConfig(file)
    const weights = convertedWeights(planModelTensors(file, config))
    refuseTooLarge(config, weights)
    const sha256 = digestFile(path, home)
    const root = join(home, 'converted')
    const target = join(root, `${ggufModelName(path)}-${sha256.slice(0, 12)}`)
    if (readOrigin(target)?.sha256 === sha256) return target
    const temporary = join(root, `.${process.pid}-${randomUUID()}`)
    try {
      mkdirSync(temporary, { recursive: true })
      refuseWithoutRoom(temporary, weights.bytes)
      yield* writeModel(file, config, temporary)
      writeJson(join(temporary, originFile), { version: converterVersion, file: path, sha256 })
      rmSync(target, { recursive: true, force: true })
      renameSync(temporary, target)
      flushDirectory(root)
    } catch (error) {
      throw asWriteFailure(error, target, weights.bytes)
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
    return target
  })
}

function* writeModel(
  file: GgufFile,
  config: Readonly<Record<string, unknown>>,
  to: string,
): Generator<ConversionStep> {
  const tensors = planModelTensors(file, config)
  const tokenizer = readGgufTokenizer(file)
  const { bytes: total } = convertedWeights(tensors)
  writeJson(join(to, configFile), config)
  if (tokenizer !== null) writeJson(join(to, tokenizerFile), tokenizer)
  const writing = writeSafetensorsInSteps(join(to, weightsFile), tensors, { format: 'pt' })
  for (const written of writing) yield [written, total]
}

/** The tensors of the converted model; none is read before its turn. */
export function planModelTensors(
  file: GgufFile,
  config: Readonly<Record<string, unknown>>,
): ReturnType<typeof planTensors> {
  const { architecture, heads, keyValueHeads } = readHeads(file, config)
  return planTensors(file, architecture, { heads, keyValueHeads })
}

/** tokenizer.json of the converted model; null where the file holds none. */
export function readGgufTokenizer({ metadata }: GgufFile): unknown {
  return makeTokenizerJson(metadata, metadata.get('general.architecture') as string)
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
function refuseTooLarge(
  config: Readonly<Record<string, unknown>>,
  weights: WeightSizesSource,
): void {
  const architecture = findArchitecture(config)
  const needs = predictRun(architecture, architecture.readShape(config), weights, 1)
  checkMemory(needs, memoryCapacity())
}

/** What the header of the converted model will say. */
export function convertedWeights(tensors: ReturnType<typeof planModelTensors>): WeightSizesSource {
  const stored = tensors.map(({ name, shape }) => ({
    name,
    dtype: 'F32' as const,
    shape,
    length: floatBytesOf(shape),
  }))
  return { bytes: stored.reduce((sum, { length }) => sum + length, 0), tensors: () => stored }
}

function floatBytesOf(shape: readonly number[]): number {
  return 4 * shape.reduce((product, size) => product * size, 1)
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
