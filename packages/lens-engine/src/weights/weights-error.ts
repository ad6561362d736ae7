// The one way a weight file is refused: WEIGHTS_INVALID with `details.reason` naming the case.
import { LensEngineError, type ErrorDetails } from '../errors.js'

/** Every way a safetensors file can be malformed. */
export type WeightsFault =
  | 'HEADER_TOO_SHORT'
  | 'HEADER_TOO_LARGE'
  | 'HEADER_BEYOND_FILE'
  | 'NOT_UTF8'
  | 'NOT_JSON'
  | 'DUPLICATE_KEY'
  | 'BAD_METADATA'
  | 'BAD_TENSOR_ENTRY'
  | 'UNKNOWN_DTYPE'
  | 'UNSAFE_INTEGER'
  | 'SHAPE_OVERFLOW'
  | 'OFFSETS_REVERSED'
  | 'FIRST_OFFSET_NOT_ZERO'
  | 'HOLE'
  | 'OVERLAP'
  | 'SUB_BYTE_MISALIGNED'
  | 'SHAPE_MISMATCH'
  | 'TRAILING_BYTES'
  | 'MISSING_BYTES'
  | 'BAD_INDEX'
  | 'CHANGED_SINCE_IMPORT'

const cureOfTruncation = 'Download or copy the file again and compare its size and sha256.'
const cureOfWriter =
  'Write the file again with the safetensors library; this one breaks the format.'

const cures: Partial<Record<WeightsFault, string>> = {
  HEADER_TOO_SHORT: cureOfTruncation,
  HEADER_BEYOND_FILE: cureOfTruncation,
  MISSING_BYTES: cureOfTruncation,
  TRAILING_BYTES:
    'Do not trust this file: it carries bytes that belong to no tensor. Get it from its source again.',
  CHANGED_SINCE_IMPORT: 'Add the model again: `lens models add <dir>`.',
}

/** A WEIGHTS_INVALID error for `file`; `details` holds the values that failed. */
export function weightsInvalid(
  reason: WeightsFault,
  file: string,
  message: string,
  details: ErrorDetails = {},
): LensEngineError {
  return new LensEngineError('WEIGHTS_INVALID', `${file}: ${message} (${reason})`, {
    details: { reason, file, ...details },
    cure: cures[reason] ?? cureOfWriter,
  })
}
