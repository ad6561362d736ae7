// One entry of a safetensors header -> the tensor it describes, every number in it checked.
import { dtypes, isDtype, type Dtype } from '../tensor/dtype.js'
import { isJsonObject, toUnsignedInteger, type StrictJson } from './strict-json.js'
import { weightsInvalid } from './weights-error.js'

/** One tensor as its header describes it. */
export interface SafetensorsTensor {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Absolute byte offset in the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

/** @throws WEIGHTS_INVALID with `details.reason`; the offset answered counts from the first tensor byte */
export function parseTensor(name: string, value: StrictJson, file: string): SafetensorsTensor {
  const bad = (what: string) =>
    weightsInvalid('BAD_TENSOR_ENTRY', file, `tensor ${JSON.stringify(name)}: ${what}`, {
      tensor: name,
    })
  if (!isJsonObject(value)) throw bad('its entry is not an object')
  const dtype = value.get('dtype')
  const shape = value.get('shape')
  const offsets = value.get('data_offsets')
  if (typeof dtype !== 'string') throw bad('dtype is not a string')
  if (!Array.isArray(shape)) throw bad('shape is not a list')
  if (!Array.isArray(offsets) || offsets.length !== 2)
    throw bad('data_offsets is not a list of two')
  if (!isDtype(dtype))
    throw weightsInvalid(
      'UNKNOWN_DTYPE',
      file,
      `tensor ${JSON.stringify(name)} has the unknown dtype ${dtype}`,
      {
        tensor: name,
        dtype,
      },
    )
  const dimensions = shape.map((item: StrictJson) => readInteger(item, 'a dimension', name, file))
  const [begin, end] = offsets.map((item: StrictJson) => readInteger(item, 'an offset', name, file))
  const elements = countElements(dimensions, name, file)
  const sizes = dimensions.map((size) => toSafeNumber(size, 'a dimension', name, file))
  const offset = toSafeNumber(begin!, 'an offset', name, file)
  const length = measureRange(offset, toSafeNumber(end!, 'an offset', name, file), name, file)
  checkLength(elements, dtype, length, name, file)
  return { name, dtype, shape: sizes, offset, length }
}

function readInteger(value: StrictJson, what: string, tensor: string, file: string): bigint {
  const integer = toUnsignedInteger(value)
  if (integer !== null) return integer
  const lexeme =
    typeof value === 'object' && value !== null && 'lexeme' in value ? value.lexeme : null
  if (lexeme !== null && /^[1-9][0-9]+$/.test(lexeme))
    throw weightsInvalid(
      'UNSAFE_INTEGER',
      file,
      `tensor ${JSON.stringify(tensor)}: ${what} has ${lexeme.length} digits`,
      {
        tensor,
      },
    )
  throw weightsInvalid(
    'BAD_TENSOR_ENTRY',
    file,
    `tensor ${JSON.stringify(tensor)}: ${what} is not a non-negative integer`,
    { tensor, value: lexeme },
  )
}

function toSafeNumber(value: bigint, what: string, tensor: string, file: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw weightsInvalid(
    'UNSAFE_INTEGER',
    file,
    `tensor ${JSON.stringify(tensor)}: ${what} is ${value}, above 2^53`,
    {
      tensor,
      value: String(value),
    },
  )
}

function countElements(dimensions: readonly bigint[], tensor: string, file: string): bigint {
  let elements = 1n
  for (const size of dimensions) {
    elements *= size
    // A lone size above 2^53 is reported as such; a product above it as an overflow.
    if (elements > BigInt(Number.MAX_SAFE_INTEGER) && dimensions.length > 1)
      throw weightsInvalid(
        'SHAPE_OVERFLOW',
        file,
        `tensor ${JSON.stringify(tensor)}: the shape [${dimensions.slice(0, 8).join(', ')}] has more than 2^53 elements`,
        { tensor, dimensions: dimensions.length },
      )
  }
  return elements
}

function measureRange(begin: number, end: number, tensor: string, file: string): number {
  if (end >= begin) return end - begin
  throw weightsInvalid(
    'OFFSETS_REVERSED',
    file,
    `tensor ${JSON.stringify(tensor)} ends at ${end}, before its start ${begin}`,
    { tensor, begin, end },
  )
}

function checkLength(
  elements: bigint,
  dtype: Dtype,
  length: number,
  tensor: string,
  file: string,
): void {
  const bits = elements * BigInt(dtypes[dtype].bits)
  if (bits % 8n !== 0n)
    throw weightsInvalid(
      'SUB_BYTE_MISALIGNED',
      file,
      `tensor ${JSON.stringify(tensor)}: ${bits} bits are no whole bytes`,
      {
        tensor,
        dtype,
      },
    )
  if (bits / 8n !== BigInt(length))
    throw weightsInvalid(
      'SHAPE_MISMATCH',
      file,
      `tensor ${JSON.stringify(tensor)}: ${elements} elements of ${dtype} are ${bits / 8n} bytes, its range holds ${length}`,
      { tensor, dtype, expected: String(bits / 8n), actual: length },
    )
}
