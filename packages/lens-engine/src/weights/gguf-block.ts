// What the block formats share: the shape of a dequantiser, and float16 scales, all 65,536 of which fit a table.
import { float16ToFloat32 } from '../tensor/half-precision.js'

/** Writes the values of one block that starts at byte `at` into `values` from `to` on. */
export type DequantizeBlock = (
  bytes: Uint8Array,
  at: number,
  values: Float32Array,
  to: number,
) => void

let table: Float32Array | null = null

/** The float16 at byte `at`, as float32. */
export function halfAt(bytes: Uint8Array, at: number): number {
  table ??= float16ToFloat32(Uint16Array.from({ length: 65_536 }, (_, bits) => bits))
  return table[bytes[at]! | (bytes[at + 1]! << 8)]!
}
