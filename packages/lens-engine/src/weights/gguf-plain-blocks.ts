// Blocks of 32 values with one scale (and, in the "_1" formats, one minimum): Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.
import { halfAt, type DequantizeBlock } from './gguf-block.js'

const { fround } = Math
const half = 16

/** The low and high nibbles of 16 bytes are values 0..15 and 16..31; `bits` holds a fifth bit for each. */
function nibble(bytes: Uint8Array, at: number, index: number): number {
  const byte = bytes[at + (index % half)]!
  return index < half ? byte & 15 : byte >> 4
}

function fifthBit(bytes: Uint8Array, at: number, index: number): number {
  return ((bytes[at + (index >> 3)]! >> (index & 7)) & 1) << 4
}

export const dequantizeQ40: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at)
  for (let index = 0; index < 32; index++)
    values[to + index] = scale * (nibble(bytes, at + 2, index) - 8)
}

export const dequantizeQ41: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at)
  const minimum = halfAt(bytes, at + 2)
  for (let index = 0; index < 32; index++)
    values[to + index] = fround(scale * nibble(bytes, at + 4, index)) + minimum
}

export const dequantizeQ50: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at)
  for (let index = 0; index < 32; index++)
    values[to + index] =
      scale * ((nibble(bytes, at + 6, index) | fifthBit(bytes, at + 2, index)) - 16)
}

export const dequantizeQ51: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at)
  const minimum = halfAt(bytes, at + 2)
  for (let index = 0; index < 32; index++)
    values[to + index] =
      fround(scale * (nibble(bytes, at + 8, index) | fifthBit(bytes, at + 4, index))) + minimum
}

export const dequantizeQ80: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at)
  for (let index = 0; index < 32; index++)
    values[to + index] = scale * ((bytes[at + 2 + index]! << 24) >> 24)
}
