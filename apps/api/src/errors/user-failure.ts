// The exception behind `UserError`: thrown by services, turned into data by `payloadOf`.
import type { UserError } from './user-error.type.js'

export interface UserFailureOptions {
  readonly field?: string | null
  readonly cure: string
}

/** A mistake the user can cure; its code is from the closed list in docs/errors.md. */
export class UserFailure extends Error {
  override readonly name = 'UserFailure'
  readonly code: string
  readonly field: string | null
  readonly cure: string

  constructor(code: string, message: string, options: UserFailureOptions) {
    super(message)
    this.code = code
    this.field = options.field ?? null
    this.cure = options.cure
  }

  toUserError(): UserError {
    return { code: this.code, message: this.message, field: this.field, cure: this.cure }
  }
}

export function notFound(noun: string, field: string): UserFailure {
  return new UserFailure(`${noun.toUpperCase()}_NOT_FOUND`, `There is no ${noun} with this id.`, {
    field,
    cure: 'It may have been deleted. Reload the list and choose another.',
  })
}

/** Runs a mutation; a `UserFailure` becomes an entry of `errors`, anything else stays an exception. */
export async function payloadOf<Result extends object>(
  work: () => Promise<Result>,
): Promise<(Result & { errors: UserError[] }) | { errors: UserError[] }> {
  try {
    return { ...(await work()), errors: [] }
  } catch (error) {
    if (error instanceof UserFailure) return { errors: [error.toUserError()] }
    throw error
  }
}
