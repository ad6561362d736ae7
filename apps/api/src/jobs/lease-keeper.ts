// Keeps a lease while a run is computed, and aborts the computation as soon as the lease is lost.
import type { RunNotifications } from '../database/index.js'
import type { ClaimedRun, RunLeaseRepository } from './run-lease.repository.js'

export interface LeaseTimes {
  /** Milliseconds between renewals. */
  readonly renewal: number
  /** Milliseconds between looks at whether the lease is still held; the floor under NOTIFY. */
  readonly check: number
}

export const defaultLeaseTimes: LeaseTimes = { renewal: 10_000, check: 1_000 }

export class LeaseKeeper {
  readonly #abort = new AbortController()
  readonly #timers: NodeJS.Timeout[]
  readonly #stopListening: () => void
  #lost = false

  constructor(
    leases: RunLeaseRepository,
    run: ClaimedRun,
    { notifications, times }: { notifications: RunNotifications; times: LeaseTimes },
  ) {
    // A database that does not answer is no proof that the lease is lost: the fenced write decides in the end.
    const ask = (question: Promise<boolean>): void => {
      question.then((held) => held || this.#lose()).catch(() => undefined)
    }
    this.#timers = [
      setInterval(() => ask(leases.renew(run)), times.renewal),
      setInterval(() => ask(leases.holds(run)), times.check),
    ]
    this.#stopListening = notifications.listen((changed) => {
      if (changed === null || changed === run.id) ask(leases.holds(run))
    })
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Whether the run was cancelled, deleted or taken over. */
  get lost(): boolean {
    return this.#lost
  }

  /** Ends the computation without having lost the lease: the worker is told to stop. */
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
