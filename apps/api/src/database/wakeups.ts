// Wakes a subscription when the run or import it follows may have changed.
import type { RunNotifications } from './run-notifications.js'

/** A lost notification can only delay a subscriber by this much, never lose a state. */
const pollingFloor = 5_000

/** Remembers a notification that arrives while nobody waits, so that none falls between a snapshot and the wait. */
export class Wakeups {
  readonly #stop: () => void
  #pending = { own: false, other: false }
  #wake: (() => void) | null = null

  constructor(notifications: RunNotifications, id: string) {
    this.#stop = notifications.listen((changed) => {
      const own = changed === null || changed === id
      this.#pending = { own: this.#pending.own || own, other: this.#pending.other || !own }
      this.#wake?.()
    })
  }

  /** Waits for a change of the one itself; with `any` also of others, which may move it in the queue. */
  async next(any: boolean): Promise<void> {
    const deadline = Date.now() + pollingFloor
    while (!this.#pending.own && !(any && this.#pending.other) && Date.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()))
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      if (!any) this.#pending.other = false
    }
    this.#pending = { own: false, other: false }
  }

  stop(): void {
    this.#stop()
    this.#wake?.()
  }
}
