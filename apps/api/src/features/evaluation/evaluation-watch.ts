// Reads one thing for everybody who follows it, once a second at most, and hands what changed to each at his own pace.
import { setTimeout as sleep } from 'node:timers/promises'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { Turns } from '../../observability/turns.js'

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
/** Followers that are told in one turn of the event loop. */
const together = 8

export class EvaluationWatch<Value extends Versioned> {
  readonly #parts: WatchParts<Value>
  readonly #followers = new Set<() => void>()
  readonly #turns = new Turns(together)
  #latest: Value | null = null
  #ended = false
  #running = false

  constructor(parts: WatchParts<Value>) {
    this.#parts = parts
  }

  /**
   * Values with a version after `seen`: the latest first, then every later one that is still the latest when it is asked for;
   * ends after a final one. Whoever goes away in the middle of a wait is forgotten at once, which a generator could not do.
   */
  follow(seen: number): AsyncIterableIterator<Value> {
    const follower = new Follower<Value>(seen, this.#turns)
    const read = () => ({ latest: this.#latest, ended: this.#ended })
    const notice = (): void => follower.wake()
    this.#followers.add(notice)
    this.#start()
    return {
      next: () => follower.next(read),
      return: async () => {
        this.#followers.delete(notice)
        return follower.close()
      },
      [Symbol.asyncIterator]() {
        return this
      },
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

/** How far one of many is. */
class Follower<Value extends Versioned> {
  readonly #turns: Turns
  #seen: number
  #closed = false
  #wake: () => void = () => undefined

  constructor(seen: number, turns: Turns) {
    this.#seen = seen
    this.#turns = turns
  }

  wake(): void {
    this.#wake()
  }

  close(): IteratorResult<Value, undefined> {
    this.#closed = true
    this.#wake()
    return { done: true, value: undefined }
  }

  async next(
    read: () => { readonly latest: Value | null; readonly ended: boolean },
  ): Promise<IteratorResult<Value, undefined>> {
    for (;;) {
      const { latest, ended } = read()
      if (this.#closed) return this.close()
      if (latest !== null && latest.version > this.#seen) {
        this.#seen = latest.version
        return { done: false, value: latest }
      }
      if (ended) return this.close()
      await new Promise<void>((resolve) => (this.#wake = resolve))
      // All followers are woken together; what is sent to each of them is resolved for each.
      await this.#turns.take()
    }
  }
}
