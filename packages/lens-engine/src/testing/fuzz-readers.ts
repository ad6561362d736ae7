// Feeds damaged files to the readers of weights, configurations and tokenizers. Every answer must be a header or a typed refusal, in bounded time.
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'
import type { ByteSource } from '../weights/gguf-cursor.js'
import { dequantize } from '../weights/gguf-block-formats.js'
import { readGgufHeader } from '../weights/gguf-header.js'
import { readSafetensorsHeader } from '../weights/safetensors.js'
import {
  readAndEncode,
  readGgufTokenizer,
  readSettings,
  sampleConfig,
  sampleGgufTokenizer,
  sampleSentencePiece,
  sampleTokenizer,
} from './fuzz-documents.js'
import { mutateBytes } from './mutate-bytes.js'
import {
  ggufArray,
  ggufBoolean,
  ggufFloat32,
  ggufString,
  ggufUint32,
  stringBytes,
  uint32Bytes,
  writeGguf,
} from './write-gguf.js'

/** What became of the damaged files. */
export interface FuzzReport {
  readonly format: string
  readonly count: number
  readonly seed: number
  readonly accepted: number
  /** Refusals by `details.reason`. */
  readonly refused: ReadonlyMap<string, number>
  /** Errors that are not the reader's own, by message; must be empty. */
  readonly crashes: ReadonlyMap<string, number>
  readonly slowestMilliseconds: number
}

interface Fuzzed {
  readonly original: Buffer
  /** Bytes at the start that deserve most of the damage. */
  readonly focus: number
  read(bytes: Buffer): void
  close(): void
}

type FormatName =
  'gguf' | 'safetensors' | 'config' | 'tokenizer' | 'sentencepiece' | 'gguf-tokenizer'

/** A document whose every byte deserves damage. */
const document = (original: Buffer, read: (bytes: Buffer) => void): Fuzzed => ({
  original,
  focus: original.length,
  read,
  close: () => undefined,
})

const formats: Readonly<Record<FormatName, () => Fuzzed>> = {
  config: () => document(sampleConfig(), readSettings),
  tokenizer: () => document(sampleTokenizer(), readAndEncode),
  sentencepiece: () => document(sampleSentencePiece(), readAndEncode),
  'gguf-tokenizer': () =>
    document(sampleGgufTokenizer(), (bytes) => readGgufTokenizer(sourceOf(bytes))),
  gguf: () => {
    const original = sampleGguf()
    return { original, focus: original.length - 256, read: readGguf, close: () => undefined }
  },
  safetensors: openSafetensorsFuzz,
}

export type FuzzedFormat = FormatName
/** In the order `npm run fuzz` takes them. */
export const fuzzedFormats = Object.keys(formats) as readonly FuzzedFormat[]

/** Damages a small file `count` times. Equal seeds give equal files. */
export function fuzzReader(format: FuzzedFormat, count: number, seed: number): FuzzReport {
  const random = createRandom(seed)
  const { original, focus, read, close } = formats[format]()
  const [refused, crashes] = [new Map<string, number>(), new Map<string, number>()]
  let [accepted, slowest] = [0, 0]
  for (let index = 0; index < count; index++) {
    const bytes = mutateBytes(original, random, focus)
    const start = performance.now()
    try {
      read(bytes)
      accepted++
    } catch (error) {
      if (error instanceof LensEngineError) add(refused, String(error.details.reason ?? error.code))
      else add(crashes, `mutation ${index}: ${String(error)}`)
    }
    slowest = Math.max(slowest, performance.now() - start)
  }
  close()
  return { format, count, seed, accepted, refused, crashes, slowestMilliseconds: slowest }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read(position, length) {
    if (position + length > bytes.length) throw new RangeError('read beyond the file')
    return bytes.subarray(position, position + length)
  },
})

/** Also dequantises what the header vouches for: its sizes must be those of the bytes. */
function readGguf(bytes: Buffer): void {
  const source = sourceOf(bytes)
  for (const { format, offset, length, shape } of readGgufHeader(source, 'fuzz.gguf').tensors) {
    const values = dequantize(format, source.read(offset, length))
    if (values.length !== shape.reduce((product, size) => product * size, 1))
      throw new RangeError('a tensor has another size than its shape')
  }
}

function sampleGguf(): Buffer {
  const data = (length: number) => Uint8Array.from({ length }, (_, index) => index * 37)
  return writeGguf({
    keys: [
      ['general.architecture', ggufString('llama')],
      ['general.alignment', ggufUint32(32)],
      ['llama.block_count', ggufUint32(2)],
      ['llama.rope.freq_base', ggufFloat32(10_000)],
      ['tokenizer.ggml.add_bos_token', ggufBoolean(true)],
      ['tokenizer.ggml.tokens', ggufArray(8, ['a', 'b', 'é'].map(stringBytes))],
      ['tokenizer.ggml.token_type', ggufArray(5, [1, 1, 3].map(uint32Bytes))],
    ],
    tensors: [
      { name: 'token_embd.weight', dimensions: [32, 3], type: 8, data: data(102) },
      { name: 'blk.0.ffn_up.weight', dimensions: [32, 2], type: 2, data: data(36) },
      { name: 'output_norm.weight', dimensions: [8], type: 0, data: data(32) },
    ],
  })
}

function openSafetensorsFuzz(): Fuzzed {
  const directory = mkdtempSync(join(tmpdir(), 'imprint-fuzz-'))
  const descriptor = openSync(join(directory, 'fuzz.safetensors'), 'w+')
  const original = sampleSafetensors()
  return {
    original,
    focus: original.length - 48,
    read(bytes) {
      writeSync(descriptor, bytes, 0, bytes.length, 0)
      ftruncateSync(descriptor, bytes.length)
      readSafetensorsHeader(descriptor, 'fuzz.safetensors')
    },
    close() {
      closeSync(descriptor)
      rmSync(directory, { recursive: true })
    },
  }
}

function sampleSafetensors(): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt' },
      'a.weight': { dtype: 'F32', shape: [2, 4], data_offsets: [0, 32] },
      'b.bias': { dtype: 'F16', shape: [8], data_offsets: [32, 48] },
    }),
  )
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([prefix, header, Buffer.alloc(48)])
}
