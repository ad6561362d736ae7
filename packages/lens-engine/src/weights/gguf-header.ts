// The head of a GGUF file (version 2 or 3) -> metadata and a checked list of tensors. Reads no tensor data, trusts nothing.
import { GgufCursor, type ByteSource } from './gguf-cursor.js'
import { ggufInvalid } from './gguf-error.js'
import { blockFormats, ggmlTypeNames, type BlockFormat } from './gguf-block-formats.js'
import { readGgufMetadata, type GgufMetadata } from './gguf-metadata.js'

/** One tensor as the header describes it. */
export interface GgufTensor {
  readonly name: string
  readonly format: BlockFormat
  /** Outermost dimension first, the reverse of the file's order: [rows, columns] for a matrix. */
  readonly shape: readonly number[]
  /** Absolute byte offset in the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

export interface GgufHeader {
  readonly version: number
  readonly metadata: GgufMetadata
  /** In the file's order. */
  readonly tensors: readonly GgufTensor[]
  readonly alignment: number
  /** Offset of the first tensor byte. */
  readonly dataStart: number
}

const magic = 0x46554747
const maximumTensors = 100_000
const maximumKeys = 1_000_000
/** Length, one character, type and one byte of a key; length, dimensions, type and offset of a tensor. */
const leastKeyBytes = 14
const leastTensorBytes = 24
const maximumDimensions = 4
const maximumNameBytes = 63
const defaultAlignment = 32
const maximumAlignment = 2 ** 20

/**
 * Reads and validates the header.
 * @param file the name used in messages
 * @throws WEIGHTS_INVALID with `details.reason` from GgufFault
 */
export function readGgufHeader(source: ByteSource, file: string): GgufHeader {
  const cursor = new GgufCursor(source, file)
  const version = readVersion(cursor)
  const tensorCount = cursor.count(maximumTensors, 'TOO_MANY_TENSORS', 'the number of tensors')
  const keyCount = cursor.count(maximumKeys, 'TOO_MANY_KEYS', 'the number of keys')
  cursor.require(leastKeyBytes * keyCount + leastTensorBytes * tensorCount)
  const metadata = readGgufMetadata(cursor, keyCount)
  const alignment = readAlignment(metadata, file)
  const names = new Set<string>()
  const entries = Array.from({ length: tensorCount }, () => readEntry(cursor, names, alignment))
  const dataStart = Math.ceil(cursor.position / alignment) * alignment
  checkLayout(entries, alignment, source.size - dataStart, file)
  const tensors = entries.map((entry) => ({ ...entry, offset: entry.offset + dataStart }))
  return { version, metadata, tensors, alignment, dataStart }
}

/** Whether a file starts as GGUF files do. */
export function isGgufMagic(head: Uint8Array): boolean {
  return head.length >= 4 && Buffer.from(head).readUInt32LE() === magic
}

function readVersion(cursor: GgufCursor): number {
  const found = cursor.uint32()
  if (found !== magic)
    throw ggufInvalid('BAD_MAGIC', cursor.file, 'it does not start with "GGUF"', { magic: found })
  const version = cursor.uint32()
  if (version === 2 || version === 3) return version
  if (version !== 0 && (version & 0xffff) === 0)
    throw ggufInvalid('BIG_ENDIAN', cursor.file, 'it is a big-endian file')
  const reason =
    version === 0 ? 'VERSION_ZERO' : version === 1 ? 'VERSION_TOO_OLD' : 'VERSION_UNKNOWN'
  throw ggufInvalid(reason, cursor.file, `GGUF version ${version}; 2 and 3 are read`, { version })
}

function readAlignment(metadata: GgufMetadata, file: string): number {
  const value = metadata.get('general.alignment') ?? defaultAlignment
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw ggufInvalid('ALIGNMENT_TYPE', file, 'general.alignment is not a 32-bit integer')
  const isPower = value > 0 && value <= maximumAlignment && (value & (value - 1)) === 0
  if (isPower) return value
  throw ggufInvalid('ALIGNMENT_INVALID', file, `general.alignment is ${value}, no power of two`, {
    alignment: value,
  })
}

function readEntry(cursor: GgufCursor, names: Set<string>, alignment: number): GgufTensor {
  const { file } = cursor
  const name = cursor.string(maximumNameBytes, 'TENSOR_NAME_TOO_LONG', `tensor ${names.size}`)
  if (names.has(name))
    throw ggufInvalid('DUPLICATE_TENSOR', file, `the tensor ${JSON.stringify(name)} occurs twice`, {
      tensor: name,
    })
  names.add(name)
  const dimensions = readDimensions(cursor, name)
  const format = readFormat(cursor, name)
  const length = measure(dimensions, format, name, file)
  const offset = cursor.count(
    Number.MAX_SAFE_INTEGER - 2 ** 40,
    'OFFSET_TOO_LARGE',
    `the offset of ${JSON.stringify(name)}`,
  )
  if (offset % alignment !== 0)
    throw ggufInvalid(
      'OFFSET_MISALIGNED',
      file,
      `${JSON.stringify(name)} starts at ${offset}, no multiple of ${alignment}`,
      { tensor: name, offset, alignment },
    )
  return { name, format, shape: dimensions.map(Number).reverse(), offset, length }
}

function readDimensions(cursor: GgufCursor, name: string): readonly bigint[] {
  const count = cursor.uint32()
  if (count > maximumDimensions)
    throw ggufInvalid(
      'TOO_MANY_DIMENSIONS',
      cursor.file,
      `${JSON.stringify(name)} has ${count} dimensions, more than ${maximumDimensions}`,
      { tensor: name, dimensions: count },
    )
  const limit = Number.MAX_SAFE_INTEGER
  const what = `a dimension of ${JSON.stringify(name)}`
  return Array.from({ length: count }, () =>
    BigInt(cursor.count(limit, 'DIMENSION_TOO_LARGE', what)),
  )
}

function readFormat(cursor: GgufCursor, name: string): BlockFormat {
  const type = cursor.uint32()
  const format = blockFormats.get(type)
  if (format !== undefined) return format
  const known = ggmlTypeNames.get(type)
  throw ggufInvalid(
    known === undefined ? 'TENSOR_TYPE_UNKNOWN' : 'TENSOR_TYPE_UNSUPPORTED',
    cursor.file,
    `${JSON.stringify(name)} has the type ${known ?? type}, which is not read`,
    { tensor: name, type: known ?? type },
  )
}

/** Bytes of a tensor, in integers that cannot overflow. */
function measure(
  dimensions: readonly bigint[],
  format: BlockFormat,
  name: string,
  file: string,
): number {
  const elements = dimensions.reduce((product, size) => product * size, 1n)
  const row = dimensions[0] ?? 1n
  if (row % BigInt(format.blockValues) !== 0n)
    throw ggufInvalid(
      'ROW_NOT_WHOLE_BLOCKS',
      file,
      `a row of ${row} in ${JSON.stringify(name)} is no multiple of ${format.blockValues} (${format.name})`,
      { tensor: name, row: String(row), block: format.blockValues },
    )
  const bytes = (elements / BigInt(format.blockValues)) * BigInt(format.blockBytes)
  if (4n * elements <= BigInt(2 ** 50) && bytes <= BigInt(2 ** 50)) return Number(bytes)
  throw ggufInvalid(
    'SHAPE_OVERFLOW',
    file,
    `${JSON.stringify(name)} has ${elements} values, more than 2^48`,
    { tensor: name, elements: String(elements) },
  )
}

/** In order of their offsets, the tensors must follow one another with nothing but padding between, all inside the file. */
function checkLayout(
  entries: readonly GgufTensor[],
  alignment: number,
  dataBytes: number,
  file: string,
): void {
  let expected = 0
  const ordered = [...entries].sort(
    (left, right) => left.offset - right.offset || left.length - right.length,
  )
  for (const { name, offset, length } of ordered) {
    if (offset !== expected)
      throw ggufInvalid(
        offset < expected ? 'OVERLAP' : 'HOLE',
        file,
        `${JSON.stringify(name)} starts at ${offset}, the tensors before it end at ${expected}`,
        { tensor: name, offset, expected },
      )
    if (offset + length > dataBytes)
      throw ggufInvalid(
        'MISSING_BYTES',
        file,
        `${JSON.stringify(name)} ends at ${offset + length}, the file holds ${Math.max(0, dataBytes)} bytes of tensors`,
        { tensor: name, needed: offset + length, available: Math.max(0, dataBytes) },
      )
    expected = Math.ceil((offset + length) / alignment) * alignment
  }
}
