// Named tensors -> a safetensors file, one tensor in memory at a time, so that large random models can be generated.
import { closeSync, openSync, writeSync } from 'node:fs'
import { float32ToBfloat16, float32ToFloat16 } from '../tensor/half-precision.js'
import type { ParameterDtype } from '../tensor/dtype.js'

export interface TensorRecipe {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: () => Float32Array
}

/** A tensor as the header names it. */
export type TensorName = Pick<TensorRecipe, 'name' | 'shape'>

/** Float32 -> the bytes of each element type. */
export const encoders: Readonly<
  Record<ParameterDtype, (values: Float32Array) => Float32Array | Uint16Array>
> = {
  F32: (values) => values,
  F16: float32ToFloat16,
  BF16: float32ToBfloat16,
}

export const bytesPerElement: Readonly<Record<ParameterDtype, number>> = { F32: 4, F16: 2, BF16: 2 }

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Writes `tensors` in order; each is made only when its turn comes. */
export function writeSafetensors(
  path: string,
  tensors: readonly TensorRecipe[],
  dtype: ParameterDtype = 'F32',
): void {
  const file = openSync(path, 'w')
  try {
    writeAll(file, encodeHeader(tensors, dtype))
    for (const tensor of tensors) writeAll(file, encoders[dtype](tensor.values()))
  } finally {
    closeSync(file)
  }
}

/** The 8-byte length and the JSON header, padded with spaces to a multiple of 8. */
export function encodeHeader(tensors: readonly TensorName[], dtype: ParameterDtype): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let offset = 0
  for (const { name, shape } of tensors) {
    const end = offset + elementCount(shape) * bytesPerElement[dtype]
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = JSON.stringify(header)
  const text = json.padEnd(Math.ceil(json.length / 8) * 8)
  const bytes = Buffer.alloc(8 + text.length)
  bytes.writeBigUInt64LE(BigInt(text.length))
  bytes.write(text, 8, 'latin1')
  return bytes
}

export function writeAll(file: number, view: Uint8Array | Uint16Array | Float32Array): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written)
  }
}
