import { describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import {
  ggufArray,
  ggufBoolean,
  ggufInt32,
  ggufString,
  ggufUint32,
  stringBytes,
  uint32Bytes,
  uint64Bytes,
  writeGguf,
  type GgufTensorToWrite,
} from '../testing/write-gguf.js'
import type { ByteSource } from './gguf-cursor.js'
import type { GgufFault } from './gguf-error.js'
import { readGgufHeader } from './gguf-header.js'

const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
})
const read = (bytes: Buffer) => readGgufHeader(sourceOf(bytes), 'case.gguf')

function faultOf(bytes: Buffer): string {
  try {
    read(bytes)
    return 'ACCEPTED'
  } catch (error) {
    if (!(error instanceof LensEngineError) || error.code !== 'WEIGHTS_INVALID') throw error
    expect(error.cure.length).toBeGreaterThan(20)
    return String(error.details.reason)
  }
}

const f32 = (name: string, change: Partial<GgufTensorToWrite> = {}): GgufTensorToWrite => ({
  name,
  dimensions: [4, 2],
  type: 0,
  data: new Uint8Array(32),
  ...change,
})
const aligned = (value: number) => [['general.alignment', ggufUint32(value)]] as const
const key = (name: string, type: number, ...bytes: Buffer[]) =>
  writeGguf({ keys: [[name, { type, bytes: Buffer.concat(bytes) }]] })
const tensor = (change: Partial<GgufTensorToWrite>) => writeGguf({ tensors: [f32('a', change)] })
const two = [f32('a'), f32('b')]
const good = writeGguf({ tensors: two })

const cases: readonly (readonly [GgufFault | 'ACCEPTED', string, Buffer])[] = [
  ['BAD_MAGIC', 'another magic', writeGguf({ magic: 'GGML' })],
  ['HEADER_BEYOND_FILE', 'an empty file', Buffer.alloc(0)],
  ['VERSION_ZERO', 'version 0', writeGguf({ version: 0 })],
  ['VERSION_TOO_OLD', 'version 1', writeGguf({ version: 1 })],
  ['VERSION_UNKNOWN', 'version 4', writeGguf({ version: 4 })],
  ['BIG_ENDIAN', 'a big-endian file', writeGguf({ version: 0x03000000 })],
  ['TOO_MANY_TENSORS', '2^64 - 1 tensors', writeGguf({ tensorCount: -1n })],
  ['TOO_MANY_KEYS', '2^64 - 1 keys', writeGguf({ keyCount: -1n })],
  ['HEADER_BEYOND_FILE', 'more keys than bytes', writeGguf({ keyCount: 1000n })],
  ['ACCEPTED', 'an empty file of version 3', writeGguf({})],
  ['ACCEPTED', 'an empty file of version 2', writeGguf({ version: 2 })],
  [
    'KEY_TOO_LONG',
    'a key of 2^64 - 1 bytes',
    Buffer.concat([writeGguf({ keyCount: 1n }).subarray(0, 24), uint64Bytes(-1), Buffer.alloc(9)]),
  ],
  ['KEY_EMPTY', 'an empty key', key('', 7, Buffer.of(1))],
  ['VALUE_TYPE_UNKNOWN', 'a value of type 13', key('a', 13)],
  ['VALUE_TYPE_UNKNOWN', 'an array of type 99', key('a', 9, uint32Bytes(99), uint64Bytes(1))],
  ['DUPLICATE_KEY', 'a key twice', writeGguf({ keys: [...aligned(32), ...aligned(32)] })],
  ['ALIGNMENT_INVALID', 'alignment 13', writeGguf({ keys: aligned(13) })],
  ['ALIGNMENT_INVALID', 'alignment 0', writeGguf({ keys: aligned(0) })],
  [
    'ALIGNMENT_TYPE',
    'alignment as text',
    writeGguf({ keys: [['general.alignment', ggufString('32')]] }),
  ],
  ['STRING_TOO_LONG', 'a string of 2^63 bytes', key('a', 8, uint64Bytes(2n ** 63n))],
  ['HEADER_BEYOND_FILE', 'a string past the end', key('a', 8, uint64Bytes(100))],
  ['NOT_UTF8', 'a string that is no UTF-8', key('a', 8, stringBytes(Buffer.of(0xff, 0xfe)))],
  ['ARRAY_TOO_LONG', 'an array of 2^61 items', key('a', 9, uint32Bytes(4), uint64Bytes(2n ** 61n))],
  [
    'HEADER_BEYOND_FILE',
    'an array of 3 million strings',
    key('a', 9, uint32Bytes(8), uint64Bytes(3e6)),
  ],
  ['NESTED_ARRAY', 'an array of arrays', key('a', 9, uint32Bytes(9), uint64Bytes(1))],
  ['BAD_BOOLEAN', 'a boolean of 2', writeGguf({ keys: [['a', ggufBoolean(2)]] })],
  ['TENSOR_NAME_TOO_LONG', 'a name of 64 bytes', writeGguf({ tensors: [f32('n'.repeat(64))] })],
  ['ACCEPTED', 'a name of 63 bytes', writeGguf({ tensors: [f32('n'.repeat(63))] })],
  ['TOO_MANY_DIMENSIONS', 'five dimensions', tensor({ dimensions: [4, 2, 1, 1, 1] })],
  ['DIMENSION_TOO_LARGE', 'a negative dimension', tensor({ dimensions: [4, -1] })],
  [
    'SHAPE_OVERFLOW',
    'four dimensions of 4 times 2^31',
    tensor({ dimensions: [2n ** 33n, 2n ** 33n, 2n ** 33n, 2n ** 33n] }),
  ],
  [
    'SHAPE_OVERFLOW',
    'a size that wraps to 32 bytes',
    tensor({ dimensions: [2n ** 40n, 2n ** 24n] }),
  ],
  ['MISSING_BYTES', 'a declared terabyte', tensor({ dimensions: [2 ** 19, 2 ** 19] })],
  ['TENSOR_TYPE_UNKNOWN', 'type 4, which was removed', tensor({ type: 4 })],
  ['TENSOR_TYPE_UNKNOWN', 'type 2^32 - 1', tensor({ type: -1 })],
  ['TENSOR_TYPE_UNSUPPORTED', 'Q2_K', tensor({ type: 10 })],
  ['ROW_NOT_WHOLE_BLOCKS', 'rows of 4 in Q4_0', tensor({ type: 2 })],
  ['OFFSET_TOO_LARGE', 'a negative offset', tensor({ offset: -1 })],
  ['OFFSET_MISALIGNED', 'an offset of 8', tensor({ offset: 8 })],
  ['HOLE', 'a first tensor that starts late', tensor({ offset: 32 })],
  [
    'OVERLAP',
    'two tensors in one place',
    writeGguf({ tensors: [two[0]!, f32('b', { offset: 0 })] }),
  ],
  ['DUPLICATE_TENSOR', 'a tensor twice', writeGguf({ tensors: [f32('a'), f32('a')] })],
  [
    'OFFSET_MISALIGNED',
    'tensors laid out for another alignment',
    writeGguf({ keys: aligned(64), tensors: two, alignment: 32 }),
  ],
  ['MISSING_BYTES', 'a file cut by one byte', good.subarray(0, good.length - 1)],
  ['ACCEPTED', 'two tensors', good],
  ['ACCEPTED', 'alignment 1', writeGguf({ keys: aligned(1), tensors: two, alignment: 1 })],
  ['ACCEPTED', 'alignment 64', writeGguf({ keys: aligned(64), tensors: two, alignment: 64 })],
  ['ACCEPTED', 'bytes after the last tensor', Buffer.concat([good, Buffer.alloc(100)])],
]

describe('readGgufHeader', () => {
  it.each(cases)('%s: %s', (reason, _what, bytes) => {
    const start = performance.now()
    expect(faultOf(bytes)).toBe(reason)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('refuses a header above its limit without reading it', () => {
    const head = key('a', 9, uint32Bytes(11), uint64Bytes(4e6))
    const reads: number[] = []
    const source: ByteSource = {
      size: 2 ** 40,
      read(position, length) {
        reads.push(length)
        const bytes = Buffer.alloc(length)
        head.copy(bytes, 0, position)
        return bytes
      },
    }
    const many = Array.from({ length: 3 }, (_, index) => [
      `k${index}`,
      ggufArray(11, [Buffer.alloc(2.4e7)], 3e6),
    ]) as [string, ReturnType<typeof ggufArray>][]
    expect(faultOf(writeGguf({ keys: many }))).toBe('HEADER_TOO_LARGE')
    expect(() => readGgufHeader(source, 'big.gguf')).not.toThrow()
    expect(Math.max(...reads)).toBeLessThan(2 ** 26)
  })

  it('gives shapes outermost first, absolute offsets, and keys as they are', () => {
    const header = read(
      writeGguf({
        keys: [
          ['__proto__', ggufString('plain')],
          ['ints', ggufArray(5, [uint32Bytes(1), uint32Bytes(-2)])],
          ['words', ggufArray(8, [stringBytes('a'), stringBytes('é')])],
          ['wide', { type: 10, bytes: uint64Bytes(2n ** 60n) }],
          ['negative', ggufInt32(-5)],
        ],
        tensors: two,
      }),
    )
    expect(header.metadata.get('__proto__')).toBe('plain')
    expect(header.metadata.get('ints')).toEqual(Int32Array.of(1, -2))
    expect(header.metadata.get('words')).toEqual(['a', 'é'])
    expect(header.metadata.get('wide')).toBe(2n ** 60n)
    expect(header.metadata.get('negative')).toBe(-5)
    expect(header.tensors.map(({ shape }) => shape)).toEqual([
      [2, 4],
      [2, 4],
    ])
    expect(header.tensors[1]).toMatchObject({ offset: header.dataStart + 32, length: 32 })
  })
})
