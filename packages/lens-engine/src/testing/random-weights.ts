// Names and sizes of parameters -> a safetensors file of seeded random values, a few megabytes in memory at a time:
// a model of 7 billion parameters takes about a minute and no more memory than a small one.
import { closeSync, openSync } from 'node:fs'
import type { ParameterDtype } from '../tensor/dtype.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import {
  bytesPerElement,
  elementCount,
  encodeHeader,
  encoders,
  writeAll,
  type TensorName,
} from './write-safetensors.js'

/** What a model of some family consists of, before it has any values. */
export interface ModelLayout {
  readonly config: Readonly<Record<string, unknown>>
  readonly tensors: readonly TensorName[]
  /** Names of the gains of norms, which are centred on 1. */
  readonly gains: RegExp
}

export interface RandomWeightsOptions {
  readonly dtype: ParameterDtype
  readonly seed: number
  /** Standard deviation. */
  readonly scale: number
}

/** Values drawn from one seed; every parameter is a draw from them, which is far faster than a normal variate each. */
const TABLE_VALUES = 65_536
const CHUNK_VALUES = 2 ** 21

type Encoded = Float32Array | Uint16Array

/** Bytes the file will have. */
export function randomWeightsBytes(tensors: readonly TensorName[], dtype: ParameterDtype): number {
  const values = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  return encodeHeader(tensors, dtype).length + values * bytesPerElement[dtype]
}

/** Writes the parameters in order; equal options give equal bytes. */
export function writeRandomWeights(
  path: string,
  { tensors, gains }: Pick<ModelLayout, 'tensors' | 'gains'>,
  { dtype, seed, scale }: RandomWeightsOptions,
): void {
  const random = createRandom(seed)
  const normals = random.split('values').normals(TABLE_VALUES, scale)
  const plain = encoders[dtype](normals)
  const centredOnOne = encoders[dtype](normals.map((value) => 1 + value))
  const file = openSync(path, 'w')
  try {
    writeAll(file, encodeHeader(tensors, dtype))
    for (const { name, shape } of tensors) {
      const table = gains.test(name) ? centredOnOne : plain
      writeDraws(file, table, random.split(name), elementCount(shape))
    }
  } finally {
    closeSync(file)
  }
}

/** `count` values of the table, each with equal probability. */
function writeDraws(file: number, table: Encoded, random: SeededRandom, count: number): void {
  const length = Math.min(count, CHUNK_VALUES)
  const values = table instanceof Float32Array ? new Float32Array(length) : new Uint16Array(length)
  for (let written = 0; written < count; written += values.length) {
    fill(values, table, random)
    writeAll(file, values.subarray(0, count - written))
  }
}

/** Both halves of a random word choose a value. */
function fill(values: Encoded, table: Encoded, random: SeededRandom): void {
  const pairs = values.length - (values.length % 2)
  for (let index = 0; index < pairs; index += 2) {
    const word = random.nextUint32()
    values[index] = table[word & 0xffff] as number
    values[index + 1] = table[word >>> 16] as number
  }
  if (pairs < values.length) values[pairs] = table[random.nextUint32() & 0xffff] as number
}
