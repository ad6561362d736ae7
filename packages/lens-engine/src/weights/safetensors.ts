// safetensors header -> validated list of tensors. Reads the header only, never tensor data, and trusts nothing in it.
// The rules are those of the format's reference reader, plus: duplicate keys and integers above 2^53 are refused.
import { fstatSync, readSync } from 'node:fs'
import { parseTensor, type SafetensorsTensor } from './safetensors-entry.js'
import {
  isJsonObject,
  parseStrictJson,
  StrictJsonError,
  type StrictJson,
  type StrictJsonObject,
} from './strict-json.js'
import { weightsInvalid } from './weights-error.js'

export type { SafetensorsTensor } from './safetensors-entry.js'

export interface SafetensorsHeader {
  /** In order of their offsets. */
  readonly tensors: readonly SafetensorsTensor[]
  readonly metadata: ReadonlyMap<string, string>
  /** Offset of the first tensor byte: 8 + header length. */
  readonly dataStart: number
}

const lengthPrefixBytes = 8
/** The reference reader's limit on the header, in bytes. */
export const maximumHeaderBytes = 100_000_000

/**
 * Reads and validates the header of an open file.
 * @param descriptor a file descriptor opened for reading; its position is not moved
 * @param file the name used in messages
 * @throws WEIGHTS_INVALID with `details.reason` from WeightsFault
 */
export function readSafetensorsHeader(descriptor: number, file: string): SafetensorsHeader {
  const fileBytes = fstatSync(descriptor).size
  const headerBytes = readHeaderLength(descriptor, file, fileBytes)
  const text = decodeHeader(readBytes(descriptor, lengthPrefixBytes, headerBytes, file), file)
  const entries = parseHeader(text, file)
  const dataStart = lengthPrefixBytes + headerBytes
  const tensors: SafetensorsTensor[] = []
  let metadata: ReadonlyMap<string, string> = new Map()
  for (const [name, value] of entries) {
    if (name === '__metadata__') metadata = parseMetadata(value, file)
    else tensors.push(parseTensor(name, value, file))
  }
  tensors.sort((left, right) => left.offset - right.offset || left.length - right.length)
  checkLayout(tensors, fileBytes - dataStart, file)
  return {
    tensors: tensors.map((tensor) => ({ ...tensor, offset: tensor.offset + dataStart })),
    metadata,
    dataStart,
  }
}

function readHeaderLength(descriptor: number, file: string, fileBytes: number): number {
  if (fileBytes < lengthPrefixBytes)
    throw weightsInvalid(
      'HEADER_TOO_SHORT',
      file,
      `${fileBytes} bytes cannot hold the 8-byte header length`,
      {
        fileBytes,
      },
    )
  const length = readBytes(descriptor, 0, lengthPrefixBytes, file).readBigUInt64LE()
  if (length > BigInt(maximumHeaderBytes))
    throw weightsInvalid(
      'HEADER_TOO_LARGE',
      file,
      `a header of ${length} bytes, more than ${maximumHeaderBytes}`,
      {
        headerBytes: String(length),
        limit: maximumHeaderBytes,
      },
    )
  const headerBytes = Number(length)
  if (lengthPrefixBytes + headerBytes > fileBytes)
    throw weightsInvalid(
      'HEADER_BEYOND_FILE',
      file,
      `a header of ${headerBytes} bytes in a file of ${fileBytes}`,
      {
        headerBytes,
        fileBytes,
      },
    )
  return headerBytes
}

/** Reads exactly `length` bytes at `position`. @throws WEIGHTS_INVALID MISSING_BYTES when the file ends before */
export function readBytes(
  descriptor: number,
  position: number,
  length: number,
  file: string,
): Buffer {
  const buffer = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const count = readSync(descriptor, buffer, done, length - done, position + done)
    if (count === 0)
      throw weightsInvalid('MISSING_BYTES', file, `the file ended at byte ${position + done}`, {
        needed: position + length,
        available: position + done,
      })
    done += count
  }
  return buffer
}

function decodeHeader(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw weightsInvalid('NOT_UTF8', file, 'the header is not UTF-8 text', {
      headerBytes: bytes.length,
    })
  }
}

function parseHeader(text: string, file: string): StrictJsonObject {
  let value: StrictJson
  try {
    value = parseStrictJson(text)
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
    const reason = error.reason === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'NOT_JSON'
    throw weightsInvalid(reason, file, `the header is refused: ${error.message}`, {
      position: error.position,
    })
  }
  if (!isJsonObject(value))
    throw weightsInvalid('NOT_JSON', file, 'the header is not a JSON object')
  return value
}

function parseMetadata(value: StrictJson, file: string): ReadonlyMap<string, string> {
  if (!isJsonObject(value))
    throw weightsInvalid('BAD_METADATA', file, '__metadata__ is not an object')
  for (const [key, text] of value)
    if (typeof text !== 'string')
      throw weightsInvalid('BAD_METADATA', file, `__metadata__.${key} is not a string`, { key })
  return value as ReadonlyMap<string, string>
}

/** The tensors, in order of offset, must fill the data section exactly: no hole, no overlap, nothing before or after. */
function checkLayout(tensors: readonly SafetensorsTensor[], dataBytes: number, file: string): void {
  let end = 0
  for (const [index, tensor] of tensors.entries()) {
    if (tensor.offset !== end) {
      const reason =
        tensor.offset < end ? 'OVERLAP' : index === 0 ? 'FIRST_OFFSET_NOT_ZERO' : 'HOLE'
      throw weightsInvalid(
        reason,
        file,
        `tensor ${JSON.stringify(tensor.name)} starts at ${tensor.offset}, the tensors before it end at ${end}`,
        { tensor: tensor.name, offset: tensor.offset, expected: end },
      )
    }
    end += tensor.length
  }
  if (end < dataBytes)
    throw weightsInvalid('TRAILING_BYTES', file, `${dataBytes - end} bytes after the last tensor`, {
      expected: end,
      actual: dataBytes,
    })
  if (end > dataBytes)
    throw weightsInvalid(
      'MISSING_BYTES',
      file,
      `the tensors need ${end} bytes, the file holds ${dataBytes}`,
      {
        needed: end,
        available: dataBytes,
      },
    )
}
