// The log: JSON lines with the id of their request, and with prompts and secrets left out.
import { pino } from 'pino'
import type { Logger } from 'pino'
import { loggedError } from './observability/log-error.js'
import { requestFields } from './observability/request-context.js'

export type { Logger } from 'pino'

export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { pid: process.pid },
    mixin: requestFields,
    serializers: { err: loggedError, error: loggedError },
    redact: [
      'promptText',
      'targetText',
      '*.promptText',
      '*.targetText',
      'databaseUrl',
      '*.databaseUrl',
      'req.headers',
    ],
  })
}
