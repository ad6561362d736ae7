// The key-value part of a GGUF header -> a Map. Keys come from the file, so they never become properties of an object.
import type { GgufCursor } from './gguf-cursor.js'
import { ggufInvalid } from './gguf-error.js'

/** Numbers of one array, in the narrowest type that holds them. */
export type GgufNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array

/** A value; 64-bit integers are bigint. Booleans of an array are 0 and 1. */
export type GgufValue = number | bigint | boolean | string | readonly string[] | GgufNumbers
export type GgufMetadata = ReadonlyMap<string, GgufValue>

const maximumKeyBytes = 65_535
/** Longer strings are refused. */
const maximumStringBytes = 16 * 2 ** 20
/** Longer arrays are refused. */
const maximumArrayItems = 4_000_000

type NumberArray = new (buffer: ArrayBuffer) => GgufNumbers
interface Scalar {
  readonly bytes: number
  readonly items: NumberArray
  read(bytes: Buffer): number | bigint
}

/** Fixed-size value types by their number in the file; 7 (bool), 8 (string) and 9 (array) are read apart. */
const scalars: ReadonlyMap<number, Scalar> = new Map<number, Scalar>([
  [0, { bytes: 1, items: Uint8Array, read: (bytes) => bytes.readUInt8() }],
  [1, { bytes: 1, items: Int8Array, read: (bytes) => bytes.readInt8() }],
  [2, { bytes: 2, items: Uint16Array, read: (bytes) => bytes.readUInt16LE() }],
  [3, { bytes: 2, items: Int16Array, read: (bytes) => bytes.readInt16LE() }],
  [4, { bytes: 4, items: Uint32Array, read: (bytes) => bytes.readUInt32LE() }],
  [5, { bytes: 4, items: Int32Array, read: (bytes) => bytes.readInt32LE() }],
  [6, { bytes: 4, items: Float32Array, read: (bytes) => bytes.readFloatLE() }],
  [10, { bytes: 8, items: BigUint64Array, read: (bytes) => bytes.readBigUInt64LE() }],
  [11, { bytes: 8, items: BigInt64Array, read: (bytes) => bytes.readBigInt64LE() }],
  [12, { bytes: 8, items: Float64Array, read: (bytes) => bytes.readDoubleLE() }],
])
const booleanType = 7
const stringType = 8
const arrayType = 9

/** Reads `count` pairs. @throws WEIGHTS_INVALID */
export function readGgufMetadata(cursor: GgufCursor, count: number): GgufMetadata {
  const metadata = new Map<string, GgufValue>()
  for (let index = 0; index < count; index++) {
    const key = cursor.string(maximumKeyBytes, 'KEY_TOO_LONG', `key ${index}`)
    if (key === '') throw ggufInvalid('KEY_EMPTY', cursor.file, `key ${index} is empty`)
    if (metadata.has(key))
      throw ggufInvalid('DUPLICATE_KEY', cursor.file, `the key ${show(key)} occurs twice`, {
        key: key.slice(0, 64),
      })
    metadata.set(key, readValue(cursor, key))
  }
  return metadata
}

function readValue(cursor: GgufCursor, key: string): GgufValue {
  const type = cursor.uint32()
  if (type === booleanType) return readBoolean(cursor.take(1)[0]!, cursor, key)
  if (type === stringType) return readString(cursor, key)
  if (type === arrayType) return readArray(cursor, key)
  const scalar = scalars.get(type) ?? refuseType(type, cursor, key)
  return scalar.read(cursor.take(scalar.bytes))
}

function readArray(cursor: GgufCursor, key: string): readonly string[] | GgufNumbers {
  const type = cursor.uint32()
  if (type === arrayType)
    throw ggufInvalid('NESTED_ARRAY', cursor.file, `${show(key)} is an array of arrays`, { key })
  const length = cursor.count(maximumArrayItems, 'ARRAY_TOO_LONG', `the length of ${show(key)}`)
  if (type === stringType) {
    cursor.require(8 * length)
    return Array.from({ length }, () => readString(cursor, key))
  }
  if (type === booleanType) {
    const bytes = Uint8Array.from(cursor.take(length))
    bytes.forEach((byte) => readBoolean(byte, cursor, key))
    return bytes
  }
  const scalar = scalars.get(type) ?? refuseType(type, cursor, key)
  const copy = Uint8Array.from(cursor.take(scalar.bytes * length))
  return new scalar.items(copy.buffer)
}

function readString(cursor: GgufCursor, key: string): string {
  return cursor.string(maximumStringBytes, 'STRING_TOO_LONG', `a string of ${show(key)}`)
}

function readBoolean(byte: number, cursor: GgufCursor, key: string): boolean {
  if (byte <= 1) return byte === 1
  throw ggufInvalid('BAD_BOOLEAN', cursor.file, `${show(key)} is the boolean ${byte}`, { key })
}

function refuseType(type: number, cursor: GgufCursor, key: string): never {
  throw ggufInvalid('VALUE_TYPE_UNKNOWN', cursor.file, `${show(key)} has the value type ${type}`, {
    key: key.slice(0, 64),
    type,
  })
}

function show(key: string): string {
  return JSON.stringify(key.slice(0, 64))
}
