// Bytes of a safetensors file -> named arrays; 8 bytes little-endian length, a JSON header, then the data.
import { ImprintError } from './errors.js'

export interface Tensor {
  readonly dtype: string
  readonly shape: readonly number[]
  /** Row by row. */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, Tensor>
}

const arrays = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array } as const
type Dtype = keyof typeof arrays

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** @throws ImprintError BAD_ANSWER for what is no such file */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  const { header, data } = parts(bytes)
  const { __metadata__: metadata = {}, ...entries } = header
  const tensors = Object.entries(entries as Record<string, Entry>).map(
    ([name, entry]) => [name, tensorOf(name, entry, data)] as const,
  )
  return { metadata: metadata as Record<string, string>, tensors: new Map(tensors) }
}

function parts(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const length = Number(view.getBigUint64(0, true))
    if (8 + length > bytes.length) throw new RangeError('cut off')
    const text = new TextDecoder('utf8', { fatal: true }).decode(bytes.subarray(8, 8 + length))
    return { header: JSON.parse(text) as Record<string, unknown>, data: bytes.subarray(8 + length) }
  } catch (cause) {
    throw new ImprintError('BAD_ANSWER', 'This is no safetensors file.', { cause })
  }
}

function tensorOf(
  name: string,
  { dtype, shape, data_offsets: [from, to] }: Entry,
  data: Uint8Array,
) {
  const type = Object.hasOwn(arrays, dtype) ? arrays[dtype as Dtype] : null
  if (type === null) throw new ImprintError('BAD_ANSWER', `${name} is of the type ${dtype}.`)
  const count = shape.reduce((product, size) => product * size, 1)
  if (to > data.length || to - from !== count * type.BYTES_PER_ELEMENT)
    throw new ImprintError('BAD_ANSWER', `${name} does not have the bytes of its shape.`)
  // A copy, because an array must begin at a multiple of its element's size.
  return { dtype, shape, data: new type(data.slice(from, to).buffer) }
}
