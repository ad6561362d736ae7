import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'
import { maximumHeaderBytes, readSafetensorsHeader } from './safetensors.js'
import type { WeightsFault } from './weights-error.js'

const directory = mkdtempSync(join(tmpdir(), 'imprint-safetensors-'))
afterAll(() => rmSync(directory, { recursive: true }))

function fileOf(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(0),
  declared?: bigint,
): Buffer {
  const body = Buffer.from(header)
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(declared ?? BigInt(body.length))
  return Buffer.concat([prefix, body, data])
}

function readBytesAsFile(bytes: Uint8Array) {
  const path = join(directory, 'case.safetensors')
  writeFileSync(path, bytes)
  const descriptor = openSync(path, 'r')
  try {
    return readSafetensorsHeader(descriptor, 'case.safetensors')
  } finally {
    closeSync(descriptor)
  }
}

function faultOf(bytes: Uint8Array): string {
  try {
    readBytesAsFile(bytes)
    return 'ACCEPTED'
  } catch (error) {
    if (!(error instanceof LensEngineError) || error.code !== 'WEIGHTS_INVALID') throw error
    expect(error.cure.length).toBeGreaterThan(20)
    return String(error.details.reason)
  }
}

const entry = (dtype: string, shape: string, begin: string | number, end: string | number) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`
const bytes = (count: number) => new Uint8Array(count)
const one = entry('F32', '[2,2]', 0, 16)

const cases: readonly (readonly [WeightsFault | 'ACCEPTED', string, Buffer])[] = [
  ['HEADER_TOO_SHORT', 'an empty file', Buffer.alloc(0)],
  ['HEADER_TOO_SHORT', 'seven bytes', Buffer.alloc(7)],
  [
    'HEADER_TOO_LARGE',
    'a header above the limit',
    fileOf('{}', bytes(8), BigInt(maximumHeaderBytes) + 1n),
  ],
  ['HEADER_TOO_LARGE', 'a header of 2^64 - 1 bytes', fileOf('{}', bytes(8), 2n ** 64n - 1n)],
  ['HEADER_BEYOND_FILE', 'a header beyond the file', fileOf('{}', bytes(0), 60n)],
  ['NOT_UTF8', 'bytes that are no UTF-8', fileOf(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
  [
    'NOT_UTF8',
    'an encoded surrogate',
    fileOf(Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])),
  ],
  ['NOT_JSON', 'an unclosed object', fileOf('{"a":')],
  ['NOT_JSON', 'an empty header', fileOf('')],
  ['NOT_JSON', 'a list', fileOf('[]')],
  ['NOT_JSON', 'a byte order mark', fileOf('\ufeff{}')],
  ['NOT_JSON', 'two values', fileOf('{}{}')],
  ['NOT_JSON', 'a trailing comma', fileOf(`{"a":${one},}`, bytes(16))],
  ['NOT_JSON', 'a million opened lists', fileOf('['.repeat(1_000_000))],
  ['DUPLICATE_KEY', 'a tensor twice', fileOf(`{"a":${one},"a":${one}}`, bytes(16))],
  [
    'DUPLICATE_KEY',
    'a tensor twice, once escaped',
    fileOf(`{"a":${one},"\\u0061":${one}}`, bytes(16)),
  ],
  ['DUPLICATE_KEY', 'a field twice', fileOf(`{"a":{"dtype":"F32","dtype":"F32"}}`, bytes(16))],
  [
    'BAD_METADATA',
    'metadata with a number',
    fileOf(`{"__metadata__":{"a":1},"a":${one}}`, bytes(16)),
  ],
  ['BAD_METADATA', 'metadata that is a list', fileOf(`{"__metadata__":[],"a":${one}}`, bytes(16))],
  ['BAD_TENSOR_ENTRY', 'a tensor that is null', fileOf('{"a":null}')],
  ['BAD_TENSOR_ENTRY', 'no dtype', fileOf('{"a":{"shape":[1],"data_offsets":[0,4]}}', bytes(4))],
  [
    'BAD_TENSOR_ENTRY',
    'a negative dimension',
    fileOf(`{"a":${entry('F32', '[-1]', 0, 4)}}`, bytes(4)),
  ],
  [
    'BAD_TENSOR_ENTRY',
    'a fractional dimension',
    fileOf(`{"a":${entry('F32', '[1.0]', 0, 4)}}`, bytes(4)),
  ],
  [
    'BAD_TENSOR_ENTRY',
    'a negative offset',
    fileOf(`{"a":${entry('F32', '[1]', -4, 0)}}`, bytes(4)),
  ],
  [
    'BAD_TENSOR_ENTRY',
    'three offsets',
    fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', bytes(4)),
  ],
  ['UNKNOWN_DTYPE', 'an unknown dtype', fileOf(`{"a":${entry('F31', '[1]', 0, 4)}}`, bytes(4))],
  [
    'UNKNOWN_DTYPE',
    'a dtype named as an inherited key',
    fileOf(`{"a":${entry('toString', '[1]', 0, 4)}}`, bytes(4)),
  ],
  [
    'UNSAFE_INTEGER',
    'an offset above 2^53',
    fileOf(`{"a":${entry('U8', '[1]', '9007199254740993', '9007199254740994')}}`, bytes(4)),
  ],
  [
    'UNSAFE_INTEGER',
    'a lone dimension above 2^53',
    fileOf(`{"a":${entry('U8', '[9007199254740993]', 0, 4)}}`, bytes(4)),
  ],
  [
    'UNSAFE_INTEGER',
    'a number of a hundred digits',
    fileOf(`{"a":${entry('U8', `[${'9'.repeat(100)}]`, 0, 4)}}`, bytes(4)),
  ],
  [
    'SHAPE_OVERFLOW',
    'a product above 2^64',
    fileOf(`{"a":${entry('F32', '[2,18446744073709551614]', 0, 16)}}`, bytes(16)),
  ],
  [
    'SHAPE_OVERFLOW',
    'a product above 2^53',
    fileOf(`{"a":${entry('F32', '[1099511627776,1099511627776]', 0, 16)}}`, bytes(16)),
  ],
  [
    'OFFSETS_REVERSED',
    'an end before its begin',
    fileOf(`{"a":${entry('F32', '[4]', 16, 0)}}`, bytes(16)),
  ],
  [
    'FIRST_OFFSET_NOT_ZERO',
    'data that does not start at 0',
    fileOf(`{"a":${entry('F32', '[2,2]', 4, 20)}}`, bytes(20)),
  ],
  [
    'HOLE',
    'a hole between tensors',
    fileOf(`{"a":${one},"b":${entry('F32', '[1]', 20, 24)}}`, bytes(24)),
  ],
  [
    'OVERLAP',
    'tensors that overlap',
    fileOf(`{"a":${one},"b":${entry('F32', '[1]', 12, 16)}}`, bytes(16)),
  ],
  ['OVERLAP', 'two tensors over the same bytes', fileOf(`{"a":${one},"b":${one}}`, bytes(16))],
  [
    'SUB_BYTE_MISALIGNED',
    'packed elements on no byte',
    fileOf(`{"a":${entry('F4', '[3]', 0, 2)}}`, bytes(2)),
  ],
  [
    'SHAPE_MISMATCH',
    'a range shorter than its shape',
    fileOf(`{"a":${entry('F32', '[2,3]', 0, 16)}}`, bytes(16)),
  ],
  ['TRAILING_BYTES', 'bytes after the last tensor', fileOf(`{"a":${one}}`, bytes(17))],
  ['TRAILING_BYTES', 'bytes and no tensor', fileOf('{}', bytes(1))],
  ['MISSING_BYTES', 'a truncated file', fileOf(`{"a":${one}}`, bytes(15))],
  ['ACCEPTED', 'no tensors', fileOf('{}')],
  ['ACCEPTED', 'one tensor', fileOf(`{"a":${one}}`, bytes(16))],
  ['ACCEPTED', 'white space around the header', fileOf(`\n {"a":${one}}   `, bytes(16))],
  [
    'ACCEPTED',
    'tensors out of order in the header',
    fileOf(`{"b":${entry('U8', '[3]', 16, 19)},"a":${one}}`, bytes(19)),
  ],
  [
    'ACCEPTED',
    'an empty tensor beside others',
    fileOf(`{"a":${one},"b":${entry('F32', '[0,5]', 16, 16)}}`, bytes(16)),
  ],
  [
    'ACCEPTED',
    'packed elements on whole bytes',
    fileOf(`{"a":${entry('F4', '[4]', 0, 2)},"b":${entry('F6_E2M3', '[4]', 2, 5)}}`, bytes(5)),
  ],
  ['ACCEPTED', 'string metadata', fileOf(`{"__metadata__":{"format":"pt"},"a":${one}}`, bytes(16))],
]

describe('readSafetensorsHeader', () => {
  it.each(cases)('%s: %s', (expected, _name, file) => {
    expect(faultOf(file)).toBe(expected)
  })

  it('keeps tensors named __proto__ and constructor as plain names', () => {
    const { tensors } = readBytesAsFile(
      fileOf(
        `{"__proto__":${entry('U8', '[1]', 0, 1)},"constructor":${entry('U8', '[1]', 1, 2)}}`,
        bytes(2),
      ),
    )
    expect(
      tensors.map(({ name, offset, length }) => [name, offset - tensors[0]!.offset, length]),
    ).toEqual([
      ['__proto__', 0, 1],
      ['constructor', 1, 1],
    ])
    expect(({} as Record<string, unknown>).dtype).toBeUndefined()
  })

  it('gives absolute offsets', () => {
    const header = `{"a":${one}}`
    const { tensors, dataStart } = readBytesAsFile(fileOf(header, bytes(16)))
    expect(dataStart).toBe(8 + header.length)
    expect(tensors).toEqual([
      { name: 'a', dtype: 'F32', shape: [2, 2], offset: 8 + header.length, length: 16 },
    ])
  })

  it('reads the header of a sparse 300 GB file without its data, in under 200 ms', () => {
    const size = 75_000_000_000
    const path = join(directory, 'sparse.safetensors')
    const header = fileOf(`{"a":${entry('F32', `[${size}]`, 0, size * 4)}}`)
    writeFileSync(path, header)
    truncateSync(path, header.length + size * 4)
    const started = performance.now()
    const before = process.memoryUsage().rss
    const descriptor = openSync(path, 'r')
    expect(readSafetensorsHeader(descriptor, path).tensors[0]!.length).toBe(size * 4)
    closeSync(descriptor)
    expect(performance.now() - started).toBeLessThan(200)
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20)
    rmSync(path)
  })
})

describe('safetensors fuzz', () => {
  // The long run sets IMPRINT_FUZZ=200000.
  const count = Number(process.env.IMPRINT_FUZZ ?? 4_000)
  const seed = 20261122

  it(`survives ${count} mutated files with a typed answer each (seed ${seed})`, () => {
    const random = createRandom(seed)
    const originals = cases.map(([, , file]) => file).filter((file) => file.length < 5_000)
    let accepted = 0
    let slowest = 0
    for (let index = 0; index < count; index++) {
      const mutated = mutate(originals[random.nextInteger(originals.length)]!, random)
      // Processor time, so that a busy machine is not taken for a hang.
      const before = process.cpuUsage()
      if (faultOf(mutated) === 'ACCEPTED') accepted++
      const { user, system } = process.cpuUsage(before)
      slowest = Math.max(slowest, (user + system) / 1000)
    }
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(count / 2)
    expect(slowest).toBeLessThan(1_000)
  }, 3_600_000)
})

const fragments = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-1',
  '1e400',
  '18446744073709551615',
  '\\u0000',
  'null',
  '"a"',
]

function mutate(original: Buffer, random: ReturnType<typeof createRandom>): Buffer {
  let file = Buffer.from(original)
  for (let round = random.nextInteger(4); round >= 0; round--) {
    const at = random.nextInteger(file.length + 1)
    const kind = random.nextInteger(6)
    if (kind === 0) file = file.subarray(0, at)
    else if (kind === 1)
      file = Buffer.concat([
        file.subarray(0, at),
        Buffer.from([random.nextInteger(256)]),
        file.subarray(at),
      ])
    else if (kind === 2)
      file = Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + random.nextInteger(8))])
    else if (kind === 3) {
      const fragment = fragments[random.nextInteger(fragments.length)]!
      file = Buffer.concat([file.subarray(0, at), Buffer.from(fragment), file.subarray(at)])
    } else if (at < file.length)
      file[at] = kind === 4 ? file[at]! ^ (1 << random.nextInteger(8)) : random.nextInteger(256)
    // Half of the time the header's length is made right again, so that mutations reach the rules behind it.
    if (file.length >= 8 && random.nextInteger(2) === 0) repairLength(file, original)
  }
  return file
}

function repairLength(file: Buffer, original: Buffer): void {
  if (original.length < 8) return
  const dataBytes = original.length - 8 - Number(original.readBigUInt64LE() % 2n ** 32n)
  const header = Math.max(0, file.length - 8 - Math.max(0, dataBytes))
  file.writeBigUInt64LE(BigInt(header))
}
