// An error -> what of it may stand in the log: no values of a statement, no text of a prompt.

export interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly exitCode?: unknown
  readonly signal?: unknown
  readonly stack?: string
}

/** Failures with a sentence for the user, which quotes what the user wrote. */
const quoting: ReadonlySet<string> = new Set(['LensEngineError', 'UserFailure', 'ImportEnded'])
const quoted = /"(?:[^"\\]|\\.)*"|“[^”]*”/g
const longestMessage = 2_000

/** Names the error and where it was thrown; details are left out but for how a process ended. */
export function loggedError(error: unknown): LoggedError | unknown {
  if (!(error instanceof Error)) return error
  const details = (error as { details?: Record<string, unknown> }).details ?? {}
  const code = (error as { code?: unknown }).code
  const said = error.message.slice(0, longestMessage)
  const message = quoting.has(error.name) ? said.replace(quoted, '"…"') : said
  const frames = /\n\s+at [\s\S]*$/.exec(error.stack ?? '')?.[0] ?? ''
  return {
    type: error.name,
    message,
    ...(code === undefined ? {} : { code: String(code) }),
    ...('signal' in details ? { exitCode: details['exitCode'], signal: details['signal'] } : {}),
    ...(frames === '' ? {} : { stack: `${error.name}: ${message}${frames}` }),
  }
}
