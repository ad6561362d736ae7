// An error of any kind -> what the user reads on the error stream, and the exit code.
import { CommanderError } from 'commander'
import { LensEngineError } from '../errors.js'
import { exitCodeOf, exitCodes } from './exit-codes.js'

export interface ReportedError {
  readonly text: string
  readonly exitCode: number
}

/** @param asJson whether scripts read the error stream */
export function reportError(error: unknown, asJson: boolean): ReportedError {
  const known = toKnownError(error)
  if (known === null) return { text: '', exitCode: exitCodes.success }
  const text = asJson
    ? JSON.stringify({ error: known.toJSON() })
    : `error ${known.code}: ${known.message}\ncure: ${known.cure}`
  return { text: `${text}\n`, exitCode: exitCodeOf[known.code] }
}

/** null where commander only showed its help or version. */
function toKnownError(error: unknown): LensEngineError | null {
  if (error instanceof LensEngineError) return error
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return null
    return new LensEngineError(
      'BAD_ARGUMENT',
      error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '),
      {
        details: { usage: error.code },
        cure: 'See `lens --help`, or `lens <command> --help` for its flags and examples.',
      },
    )
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new LensEngineError('ENGINE_CRASHED', `unexpected failure: ${stack}`, {
    cure: 'Run again; if it fails the same way, report it with this message.',
  })
}
