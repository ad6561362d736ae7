// What ended an attempt -> the code, sentence and cure that its row keeps. Secrets of the environment never get there.
import { ImportEnded } from '../engine/import-host.js'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import { UserFailure } from '../errors/user-failure.js'
import type { AttemptFailure } from './run-lease.repository.js'

export function failureOf(error: unknown): AttemptFailure {
  const known = knownFailure(error)
  if (known !== null) {
    const { code, message, cure } = known
    return { code, message: withCapital(message), cure }
  }
  return {
    code: 'UNEXPECTED',
    message: 'Something unexpected ended the attempt; the worker’s log has the details.',
    cure: 'Try again. If it ends the same way, report it with the worker’s log.',
  }
}

/** The failure with every secret in it replaced, whoever put it there. */
export function withoutSecrets(
  failure: AttemptFailure,
  secrets: readonly (string | undefined)[],
): AttemptFailure {
  const clean = (text: string): string =>
    secrets.reduce<string>((kept, secret) => (secret ? kept.replaceAll(secret, '***') : kept), text)
  return { code: failure.code, message: clean(failure.message), cure: clean(failure.cure) }
}

function knownFailure(error: unknown): AttemptFailure | null {
  if (error instanceof ImportEnded) return error.failure
  return error instanceof LensEngineError || error instanceof UserFailure ? error : null
}

const withCapital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
