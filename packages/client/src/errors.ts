// Everything that can go wrong -> one error with a code to decide by, a sentence, and the cure.

export interface ImprintErrorOptions {
  readonly cure?: string | null | undefined
  readonly field?: string | null | undefined
  /** HTTP status of the answer; null when there was none. */
  readonly status?: number | null | undefined
  readonly cause?: unknown
}

/** `code` is of docs/errors.md, or UNREACHABLE, TIMED_OUT, BAD_ANSWER of this package. */
export class ImprintError extends Error {
  override readonly name = 'ImprintError'
  readonly code: string
  readonly cure: string | null
  readonly field: string | null
  readonly status: number | null

  constructor(code: string, message: string, options: ImprintErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.cure = options.cure ?? null
    this.field = options.field ?? null
    this.status = options.status ?? null
  }
}

export interface UserErrorData {
  readonly code: string
  readonly message: string
  readonly cure: string
  readonly field?: string | null
}

/** What a mutation returned. @throws ImprintError with the first of its errors */
export function unwrap<Value>(
  value: Value | null | undefined,
  errors: readonly UserErrorData[],
): Value {
  const [first] = errors
  if (first !== undefined) throw new ImprintError(first.code, first.message, first)
  if (value === null || value === undefined)
    throw new ImprintError('BAD_ANSWER', 'The server answered neither with a result nor an error.')
  return value
}
