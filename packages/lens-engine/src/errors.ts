// Every error the engine throws: a closed code, the values that failed, and the cure.

export const lensEngineErrorCodes = [
  'BAD_ARGUMENT',
  'PROMPT_EMPTY',
  'PROMPT_TOO_LONG',
  'PROMPT_NOT_TEXT',
  'TARGET_EMPTY',
  'TARGET_TOO_LONG',
  'SUBJECT_NOT_IN_PROMPT',
  'SUBJECT_AMBIGUOUS',
  'TOKEN_OUT_OF_RANGE',
  'TOKENIZER_MISSING',
  'TOKENIZER_INVALID',
  'MODEL_NOT_FOUND',
  'MODEL_UNSUPPORTED',
  'CONFIG_INVALID',
  'WEIGHTS_INVALID',
  'WEIGHTS_MISMATCH',
  'UNSAFE_PICKLE',
  'MODEL_TOO_LARGE',
  'PROVIDER_UNAVAILABLE',
  'GRAPH_INVALID',
  'NO_VJP_RULE',
  'NOT_FINITE',
  'ENGINE_UNAVAILABLE',
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'RUN_CANCELLED',
  'DISK_FULL',
  'FILE_UNREADABLE',
  'HUB_NOT_FOUND',
  'HUB_ACCESS_DENIED',
  'HUB_RATE_LIMITED',
  'HUB_UNREACHABLE',
  'HUB_ANSWER_INVALID',
  'HUB_REDIRECT_REFUSED',
  'DOWNLOAD_DAMAGED',
  'DOWNLOAD_CANCELLED',
  'CORPUS_INVALID',
  'KEY_COVARIANCE_MISSING',
  'KEY_COVARIANCE_INVALID',
  'KEY_COVARIANCE_SINGULAR',
  'MEND_CHECKPOINT_MISSING',
  'MEND_CHECKPOINT_INVALID',
  'EDIT_INVALID',
  'EDIT_WRONG_MODEL',
  'SERVER_UNKNOWN',
  'SERVER_UNREACHABLE',
  'SERVER_REFUSED',
  'DATASET_INVALID',
  'RECORD_INVALID',
  'PROTOCOL_MISMATCH',
] as const

export type LensEngineErrorCode = (typeof lensEngineErrorCodes)[number]

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A failure with a code from a closed list, the values that failed, and what to do about it. */
export class LensEngineError extends Error {
  override readonly name = 'LensEngineError'
  readonly code: LensEngineErrorCode
  readonly details: ErrorDetails
  readonly cure: string

  constructor(
    code: LensEngineErrorCode,
    message: string,
    options: { details?: ErrorDetails; cure: string; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
    this.cure = options.cure
  }

  toJSON(): { code: LensEngineErrorCode; message: string; cure: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, cure: this.cure, details: this.details }
  }
}
