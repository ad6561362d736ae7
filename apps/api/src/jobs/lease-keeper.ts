// Keeps a lease while a run is computed or a model brought in, and aborts the work as soon as the lease is lost.
import type { RunNotifications } from '../database/index.js'

/** The two questions that a keeper asks about what was claimed. */
export interface Leases<Claimed> {
  renew(claimed: Claimed): Promise<boolean>
  holds(claimed: Claimed): Promise<boolean>
}

export interface LeaseTimes {
  /** Milliseconds between renewals. */
  readonly renewal: number
  /** Milliseconds between looks at whether the lease is still held; the floor under NOTIFY. */
  readonly check: number
}

/** A lease is renewed three times before it could run out. */
export const leaseTimesOf = (leaseSeconds: number): LeaseTimes => ({
  renewal: (leaseSeconds * 1_000) / 3,
  check: 1_000,
})

export const defaultLeaseTimes: LeaseTimes = leaseTimesOf(30)

export class LeaseKeeper<Claimed extends { readonly id: string }> {
  readonly #abort = new AbortController()
  readonly #timers: NodeJS.Timeout[]
  readonly #stopListening: () => void
  #lost = false

  constructor(
    leases: Leases<Claimed>,
    claimed: Claimed,
    { notifications, times }: { notifications: RunNotifications; times: LeaseTimes },
  ) {
    // A database that does not answer is no proof that the lease is lost: the fenced write decides in the end.
    const ask = (question: Promise<boolean>): void => {
      question.then((held) => held || this.#lose()).catch(() => undefined)
    }
    this.#timers = [
      setInterval(() => ask(leases.renew(claimed)), times.renewal),
      setInterval(() => ask(leases.holds(claimed)), times.check),
    ]
    this.#stopListening = notifications.listen((changed) => {
      if (changed === null || changed === claimed.id) ask(leases.holds(claimed))
    })
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Whether what was claimed was cancelled, deleted or taken over. */
  get lost(): boolean {
    return this.#lost
  }

  /** Ends the work without having lost the lease: the worker is told to stop. */
  interrupt(): void {
    this.#abort.abort()
  }

  stop(): void {
    this.#timers.forEach(clearInterval)
    this.#stopListening()
  }

  #lose(): void {
    this.#lost = true
    this.#abort.abort()
  }
}
