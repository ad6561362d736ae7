// The one table of GGUF tensor types: how many values a block holds, in how many bytes, and how they become float32.
// Every product and sum is rounded to float32 in the order of the reference (gguf-py), so that results are equal bit for bit.
import { float16ToFloat32 } from '../tensor/half-precision.js'
import type { DequantizeBlock } from './gguf-block.js'
import { dequantizeQ4K, dequantizeQ5K, dequantizeQ6K } from './gguf-k-blocks.js'
import {
  dequantizeQ40,
  dequantizeQ41,
  dequantizeQ50,
  dequantizeQ51,
  dequantizeQ80,
} from './gguf-plain-blocks.js'

export interface BlockFormat {
  readonly name: string
  /** Values of one block; rows consist of whole blocks. */
  readonly blockValues: number
  readonly blockBytes: number
  readonly dequantizeBlock: DequantizeBlock
}

const word = new DataView(new ArrayBuffer(4))

const copyFloat32: DequantizeBlock = (bytes, at, values, to) => {
  for (let byte = 0; byte < 4; byte++) word.setUint8(byte, bytes[at + byte]!)
  values[to] = word.getFloat32(0, true)
}

const copyFloat16: DequantizeBlock = (bytes, at, values, to) => {
  values[to] = float16ToFloat32(Uint16Array.of(bytes[at]! | (bytes[at + 1]! << 8)))[0]!
}

const copyBfloat16: DequantizeBlock = (bytes, at, values, to) => {
  word.setUint32(0, (bytes[at]! << 16) | (bytes[at + 1]! << 24), true)
  values[to] = word.getFloat32(0, true)
}

/** Formats that can be read, by their number in the file. */
export const blockFormats: ReadonlyMap<number, BlockFormat> = new Map(
  (
    [
      [0, 'F32', 1, 4, copyFloat32],
      [1, 'F16', 1, 2, copyFloat16],
      [2, 'Q4_0', 32, 18, dequantizeQ40],
      [3, 'Q4_1', 32, 20, dequantizeQ41],
      [6, 'Q5_0', 32, 22, dequantizeQ50],
      [7, 'Q5_1', 32, 24, dequantizeQ51],
      [8, 'Q8_0', 32, 34, dequantizeQ80],
      [12, 'Q4_K', 256, 144, dequantizeQ4K],
      [13, 'Q5_K', 256, 176, dequantizeQ5K],
      [14, 'Q6_K', 256, 210, dequantizeQ6K],
      [30, 'BF16', 1, 2, copyBfloat16],
    ] as const
  ).map(([type, name, blockValues, blockBytes, dequantizeBlock]) => [
    type,
    { name, blockValues, blockBytes, dequantizeBlock },
  ]),
)

/** Names of the types that exist but are not read, for messages. */
export const ggmlTypeNames: ReadonlyMap<number, string> = new Map([
  [9, 'Q8_1'],
  [10, 'Q2_K'],
  [11, 'Q3_K'],
  [15, 'Q8_K'],
  [16, 'IQ2_XXS'],
  [17, 'IQ2_XS'],
  [18, 'IQ3_XXS'],
  [19, 'IQ1_S'],
  [20, 'IQ4_NL'],
  [21, 'IQ3_S'],
  [22, 'IQ2_S'],
  [23, 'IQ4_XS'],
  [24, 'I8'],
  [25, 'I16'],
  [26, 'I32'],
  [27, 'I64'],
  [28, 'F64'],
  [29, 'IQ1_M'],
  [34, 'TQ1_0'],
  [35, 'TQ2_0'],
  [39, 'MXFP4'],
])

/** Values of whole blocks. */
export function dequantize(format: BlockFormat, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const blocks = bytes.length / format.blockBytes
  const values = new Float32Array(blocks * format.blockValues)
  for (let block = 0; block < blocks; block++)
    format.dequantizeBlock(bytes, block * format.blockBytes, values, block * format.blockValues)
  return values
}
