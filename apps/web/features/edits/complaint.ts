// What a mutation refused, in one form, whether the API said so or did not answer.
export interface Complaint {
  readonly message: string
  readonly cure?: string | undefined
  readonly code?: string | undefined
  readonly field?: string | null | undefined
}

interface Failure {
  readonly networkError?: Error | undefined
  readonly graphQLErrors: readonly {
    readonly message: string
    readonly extensions?: Record<string, unknown>
  }[]
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The first thing that is wrong; null when nothing is. */
export function complaintOf(
  error: Failure | undefined,
  errors: readonly Complaint[] | undefined,
): Complaint | null {
  if (errors?.[0]) return errors[0]
  if (!error) return null
  if (error.networkError)
    return {
      message: 'The API does not answer.',
      cure: 'Nothing is lost: try again when the connection is back.',
    }
  const first = error.graphQLErrors[0]
  return {
    message: first?.message ?? 'The API refused the request.',
    cure: text(first?.extensions?.cure),
    code: text(first?.extensions?.code),
  }
}
