// "K" blocks of 256 values, whose sub-blocks have scales (and minima) that are quantised themselves: Q4_K, Q5_K, Q6_K.
import { halfAt, type DequantizeBlock } from './gguf-block.js'

const { fround } = Math

/** The 6-bit scale of sub-block 0..7 in the 12 packed bytes at `at`; the lower bytes lend two bits to the last four. */
function packedScale(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + sub]! & 63
  return (bytes[at + 4 + sub]! & 15) | ((bytes[at + sub - 4]! >> 2) & 48)
}

/** The 6-bit minimum of sub-block 0..7. */
function packedMinimum(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + 4 + sub]! & 63
  return (bytes[at + 4 + sub]! >> 4) | ((bytes[at + sub]! >> 2) & 48)
}

/** Q4_K and Q5_K: eight sub-blocks of 32, pairs of which share 32 bytes of nibbles; `high` is where fifth bits start. */
function dequantizePacked(low: number, high: number | null): DequantizeBlock {
  return (bytes, at, values, to) => {
    const scale = halfAt(bytes, at)
    const minimum = halfAt(bytes, at + 2)
    for (let sub = 0; sub < 8; sub++) {
      const subScale = fround(scale * packedScale(bytes, at + 4, sub))
      const subMinimum = fround(minimum * packedMinimum(bytes, at + 4, sub))
      const nibbles = at + low + 32 * (sub >> 1)
      const shift = 4 * (sub & 1)
      for (let index = 0; index < 32; index++) {
        const fifth = high === null ? 0 : ((bytes[at + high + index]! >> sub) & 1) << 4
        const code = ((bytes[nibbles + index]! >> shift) & 15) | fifth
        values[to + 32 * sub + index] = fround(subScale * code) - subMinimum
      }
    }
  }
}

export const dequantizeQ4K = dequantizePacked(16, null)
export const dequantizeQ5K = dequantizePacked(48, 16)

/** Q6_K: 128 bytes of nibbles, 64 of bit pairs, 16 signed scales of 16 values each, one float16 scale. */
export const dequantizeQ6K: DequantizeBlock = (bytes, at, values, to) => {
  const scale = halfAt(bytes, at + 208)
  for (let group = 0; group < 8; group++) {
    const nibbles = at + 64 * (group >> 2) + 32 * (group & 1)
    const pairs = at + 128 + 32 * (group >> 2)
    const lowShift = 4 * ((group >> 1) & 1)
    const highShift = 2 * (group & 3)
    for (let index = 0; index < 32; index++) {
      const low = (bytes[nibbles + index]! >> lowShift) & 15
      const high = (bytes[pairs + index]! >> highShift) & 3
      const signed = (bytes[at + 192 + 2 * group + (index >> 4)]! << 24) >> 24
      values[to + 32 * group + index] = fround(scale * signed) * ((low | (high << 4)) - 32)
    }
  }
}
