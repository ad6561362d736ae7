// The log: JSON lines with prompts and secrets left out.
import { pino } from 'pino'
import type { Logger } from 'pino'

export type { Logger } from 'pino'

export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { pid: process.pid },
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
