// The one way a GGUF file is refused: WEIGHTS_INVALID with `details.reason` naming the case.
import { LensEngineError, type ErrorDetails } from '../errors.js'

/** Every way a GGUF file can be malformed, or beyond what the engine reads. */
export type GgufFault =
  | 'BAD_MAGIC'
  | 'BIG_ENDIAN'
  | 'VERSION_ZERO'
  | 'VERSION_TOO_OLD'
  | 'VERSION_UNKNOWN'
  | 'TOO_MANY_TENSORS'
  | 'TOO_MANY_KEYS'
  | 'HEADER_TOO_LARGE'
  | 'HEADER_BEYOND_FILE'
  | 'KEY_TOO_LONG'
  | 'KEY_EMPTY'
  | 'STRING_TOO_LONG'
  | 'NOT_UTF8'
  | 'VALUE_TYPE_UNKNOWN'
  | 'BAD_BOOLEAN'
  | 'ARRAY_TOO_LONG'
  | 'NESTED_ARRAY'
  | 'DUPLICATE_KEY'
  | 'ALIGNMENT_TYPE'
  | 'ALIGNMENT_INVALID'
  | 'TENSOR_NAME_TOO_LONG'
  | 'DUPLICATE_TENSOR'
  | 'TOO_MANY_DIMENSIONS'
  | 'DIMENSION_TOO_LARGE'
  | 'SHAPE_OVERFLOW'
  | 'TENSOR_TYPE_UNKNOWN'
  | 'TENSOR_TYPE_UNSUPPORTED'
  | 'ROW_NOT_WHOLE_BLOCKS'
  | 'OFFSET_TOO_LARGE'
  | 'OFFSET_MISALIGNED'
  | 'OVERLAP'
  | 'HOLE'
  | 'MISSING_BYTES'

const cures: Partial<Record<GgufFault, string>> = {
  BIG_ENDIAN: 'Get the little-endian file, or convert it again on a little-endian machine.',
  VERSION_TOO_OLD: 'Convert the model again with a current converter, which writes version 3.',
  VERSION_UNKNOWN: 'Convert the model again to GGUF version 2 or 3.',
  TENSOR_TYPE_UNSUPPORTED: 'Get the model as F16, Q8_0, Q6_K, Q5_K or Q4_K, or as safetensors.',
  HEADER_BEYOND_FILE: 'Download or copy the file again and compare its size and sha256.',
  MISSING_BYTES: 'Download or copy the file again and compare its size and sha256.',
}

/** A WEIGHTS_INVALID error for `file`; `details` holds the values that failed. */
export function ggufInvalid(
  reason: GgufFault,
  file: string,
  message: string,
  details: ErrorDetails = {},
): LensEngineError {
  return new LensEngineError('WEIGHTS_INVALID', `${file}: ${message} (${reason})`, {
    details: { reason, file, ...details },
    cure: cures[reason] ?? 'Get the file from its publisher again; this one breaks the format.',
  })
}
