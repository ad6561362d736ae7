// Attempts that may fail for a while -> the first success, or the last failure after growing pauses.
import { setTimeout as pause } from 'node:timers/promises'
import type { LensEngineError } from '../errors.js'
import type { HubSettings } from './hub-settings.js'

/** A failure that another attempt may mend; `failure` is what the user sees when none does. */
export class TransientFailure extends Error {
  constructor(
    readonly failure: LensEngineError,
    /** What the hub asked for in Retry-After; null when it did not. */
    readonly pauseMs: number | null = null,
  ) {
    super(failure.message)
  }
}

/**
 * Calls `attempt` until it succeeds or too many calls in a row bring nothing new.
 * @param attempt answers its result; `progressed` says that this call brought something, so that it counts from the start
 * @throws what the last attempt failed with; other errors at once; the signal's reason
 */
export async function withRetries<Result>(
  { conditions, signal }: HubSettings,
  attempt: (progressed: () => void) => Promise<Result>,
): Promise<Result> {
  for (let failures = 0; ;) {
    let moved = false
    try {
      return await attempt(() => (moved = true))
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error
      failures = moved ? 1 : failures + 1
      const wait = error.pauseMs ?? conditions.pauseMs * 2 ** (failures - 1)
      if (failures >= conditions.attempts || wait > conditions.longestPauseMs) throw error.failure
      // A little more, by chance, so that many clients do not come back at the same moment.
      await pause(wait * (1 + Math.random() / 4), undefined, signal === null ? {} : { signal })
    }
  }
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds or a date; null for anything else. */
export function readRetryAfter(value: string | null, now: number = Date.now()): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const date = /^[A-Z][a-z]{2,8}, /.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
