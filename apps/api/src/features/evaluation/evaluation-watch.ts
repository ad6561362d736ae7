// Reads one thing for everybody who follows it, once a second at most, and hands what changed to each at his own pace.
import { setTimeout as sleep } from 'node:timers/promises'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'

interface Versioned {
  readonly version: number
}

export interface WatchParts<Value extends Versioned> {
  readonly id: string
  readonly notifications: RunNotifications
  /** Null when it is gone. */
  readonly read: () => Promise<Value | null>
  readonly isFinal: (value: Value) => boolean
  /** Called once nobody follows it any more, or it has ended. */
  readonly onEnd: () => void
}

const leastPause = 1_000

export class EvaluationWatch<Value extends Versioned> {
  readonly #parts: WatchParts<Value>
  readonly #followers = new Set<() => void>()
  #latest: Value | null = null
  #ended = false
  #running = false

  constructor(parts: WatchParts<Value>) {
    this.#parts = parts
  }

  /** The latest value first, then every later one that is still the latest when it is asked for; ends after a final one. */
  async *follow(): AsyncGenerator<Value> {
    let wake: () => void = () => undefined
    const notice = (): void => wake()
    this.#followers.add(notice)
    this.#start()
    try {
      let seen = -1
      for (;;) {
        const latest = this.#latest
        const woken = new Promise<void>((resolve) => (wake = resolve))
        if (latest !== null && latest.version > seen) {
          seen = latest.version
          yield latest
          if (this.#latest !== latest) continue
        }
        if (this.#ended && this.#latest === latest) return
        if (this.#latest === latest) await woken
      }
    } finally {
      this.#followers.delete(notice)
    }
  }

  #start(): void {
    if (this.#running || this.#ended) return
    this.#running = true
    void this.#work().then((ended) => {
      this.#running = false
      if (!ended && this.#followers.size > 0) return this.#start()
      this.#ended = true
      this.#parts.onEnd()
      for (const notice of this.#followers) notice()
    })
  }

  /** True when it has come to its end, false when nobody follows. */
  async #work(): Promise<boolean> {
    const { id, notifications, read, isFinal } = this.#parts
    const wakeups = new Wakeups(notifications, id)
    try {
      while (this.#followers.size > 0) {
        const value = await read().catch(() => this.#latest)
        const changed = value?.version !== this.#latest?.version
        this.#latest = value ?? this.#latest
        if (changed) for (const notice of this.#followers) notice()
        if (value === null || isFinal(value)) return true
        await sleep(leastPause)
        if (!changed) await wakeups.next(false)
      }
      return false
    } finally {
      wakeups.stop()
    }
  }
}
