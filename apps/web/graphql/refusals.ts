// Errors that mean "not you" or "not now" -> plain words with the way out; a small store that the shell shows.
import { CombinedError } from '@urql/core'

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly cure: string
}

const PLAIN: Readonly<Record<string, { readonly message: string; readonly cure: string }>> = {
  SIGN_IN_REQUIRED: { message: 'This needs an account.', cure: 'Sign in, then try again.' },
  FORBIDDEN: { message: 'Your role does not allow this here.', cure: 'Ask an admin of the team.' },
  RATE_LIMITED: { message: 'Too much was asked at once.', cure: 'Wait a moment, then try again.' },
}

interface Extensions {
  readonly code?: unknown
  readonly retryAfterSeconds?: unknown
}

function wait({ retryAfterSeconds }: Extensions): string | null {
  if (typeof retryAfterSeconds !== 'number') return null
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds))
  return `Wait ${seconds} second${seconds === 1 ? '' : 's'}, then try again.`
}

/** null for any other error. */
export function refusalIn(extensions: Extensions | undefined): Refusal | null {
  const code = typeof extensions?.code === 'string' ? extensions.code : ''
  const plain = PLAIN[code]
  if (!plain || !extensions) return null
  return { code, message: plain.message, cure: wait(extensions) ?? plain.cure }
}

export function firstRefusal(error: CombinedError | undefined): Refusal | null {
  return refusalIn(error?.graphQLErrors[0]?.extensions)
}

/** The same error, in words for people. */
export function inPlainWords(error: CombinedError): CombinedError {
  const graphQLErrors = error.graphQLErrors.map((one) => {
    const refusal = refusalIn(one.extensions)
    if (!refusal) return one
    const { message, cure } = refusal
    return { message, path: one.path ?? [], extensions: { ...one.extensions, cure } }
  })
  return new CombinedError({ graphQLErrors, response: error.response as unknown })
}

type Listener = () => void
let shown: Refusal | null = null
const listeners = new Set<Listener>()

export const readRefusal = (): Refusal | null => shown

export function showRefusal(next: Refusal | null): void {
  shown = next
  for (const listener of listeners) listener()
}

export function onRefusal(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
