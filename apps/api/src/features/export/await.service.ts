// A long-poll: answers when what is waited for has changed or ended, at the latest after some seconds, at once when nobody
// listens any more.
import { setTimeout as sleep } from 'node:timers/promises'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { badInput } from '../../errors/input-error.js'

/** Proxies commonly give up after 30 seconds. */
export const longestWait = 25

export interface Wait<Value> {
  readonly id: string
  readonly seconds: number | null
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal | undefined
  readonly read: () => Promise<Value | null>
  readonly isEnough: (value: Value) => boolean
}

export class AwaitService {
  readonly #notifications: RunNotifications

  constructor(notifications: RunNotifications) {
    this.#notifications = notifications
  }

  /** The value as it is at the end of the wait; null when there is none. @throws BAD_USER_INPUT */
  async until<Value>({ id, seconds, signal, read, isEnough }: Wait<Value>): Promise<Value | null> {
    const deadline = Date.now() + checkSeconds(seconds) * 1_000
    const wakeups = new Wakeups(this.#notifications, id)
    const gone = new AbortController()
    const end = (): void => gone.abort()
    signal?.addEventListener('abort', end)
    try {
      for (;;) {
        const value = await read()
        const left = deadline - Date.now()
        if (value === null || isEnough(value) || left <= 0 || signal?.aborted) return value
        await Promise.race([wakeups.next(false), pause(left, gone.signal)])
      }
    } finally {
      signal?.removeEventListener('abort', end)
      gone.abort()
      wakeups.stop()
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined)

function checkSeconds(seconds: number | null): number {
  if (seconds === null) return longestWait
  if (seconds >= 0 && seconds <= longestWait) return seconds
  throw badInput(`seconds is ${seconds}; it must be 0 to ${longestWait}.`, 'seconds')
}
