// One attempt after another at what a worker claims: the lease is kept meanwhile, and however it ends is written.
import type { RunNotifications } from '../database/index.js'
import type { Logger } from '../logger.js'
import { attemptsEnded, leaseLosses } from '../observability/process-metrics.js'
import { LeaseKeeper, defaultLeaseTimes } from './lease-keeper.js'
import type { LeaseTimes, Leases } from './lease-keeper.js'
import { isFaultOfWorker } from './engine-health.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface Claim {
  readonly id: string
  readonly leaseEpoch: number
  readonly attempt: number
}

export interface AttemptLeases<Claimed> extends Leases<Claimed> {
  giveBack(claimed: Claimed): Promise<boolean>
  endAttempt(
    claimed: Claimed,
    failure: AttemptFailure,
    mayHelpToRetry: boolean,
  ): Promise<'retried' | 'failed' | 'lost'>
}

export interface AttemptsParts<Claimed> {
  readonly leases: AttemptLeases<Claimed>
  readonly notifications: RunNotifications
  readonly leaseTimes?: LeaseTimes | undefined
  readonly logger: Logger
  /** What is claimed, in the log. */
  readonly noun: string
  /** Further ids that its log lines carry. */
  readonly logFields?: (claimed: Claimed) => Readonly<Record<string, unknown>>
  readonly failureOf: (error: unknown) => AttemptFailure
  /** Failures after which the same may well succeed without anybody doing anything. */
  readonly worthRetrying: ReadonlySet<string>
  /** Whether errors may stand in the log as they are. */
  readonly logErrors: boolean
}

const countable: ReadonlySet<string> = new Set(['retried', 'failed', 'lost'])

export class Attempts<Claimed extends Claim> {
  readonly #parts: AttemptsParts<Claimed>
  #keeper: LeaseKeeper<Claimed> | null = null
  #stopping = false

  constructor(parts: AttemptsParts<Claimed>) {
    this.#parts = parts
  }

  /** Ends the present attempt, which is given back. */
  stop(): void {
    this.#stopping = true
    this.#keeper?.interrupt()
  }

  /** @param work does it and stores the result under the claim's epoch; false when the lease was lost by then */
  async make(claimed: Claimed, work: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
    const { leases, notifications, leaseTimes, logger, noun, logFields } = this.#parts
    const { id, leaseEpoch, attempt } = claimed
    const fields = logFields?.(claimed) ?? {}
    const log = logger.child({ [`${noun}Id`]: id, epoch: leaseEpoch, attempt, ...fields })
    const times = leaseTimes ?? defaultLeaseTimes
    const keeper = new LeaseKeeper(leases, claimed, { notifications, times })
    this.#keeper = keeper
    if (this.#stopping) keeper.interrupt()
    const started = Date.now()
    try {
      const stored = await work(keeper.signal)
      const milliseconds = Date.now() - started
      if (!stored) return this.#lose(log, 'nothing was written')
      attemptsEnded.inc({ kind: noun, outcome: 'done' })
      log.info({ milliseconds }, `${noun} done`)
    } catch (error) {
      await this.#end(claimed, keeper, error, log)
    } finally {
      this.#keeper = null
      keeper.stop()
    }
  }

  async #end(
    claimed: Claimed,
    keeper: LeaseKeeper<Claimed>,
    error: unknown,
    log: Logger,
  ): Promise<void> {
    const { leases, noun, failureOf, worthRetrying, logErrors } = this.#parts
    if (keeper.lost) return this.#lose(log, 'it was cancelled, deleted or taken over')
    const failure = failureOf(error)
    if ((this.#stopping && keeper.signal.aborted) || isFaultOfWorker(failure)) {
      await leases.giveBack(claimed)
      attemptsEnded.inc({ kind: noun, outcome: 'given back' })
      return log.info(isFaultOfWorker(failure) ? { failure } : {}, `${noun} given back`)
    }
    const outcome = await leases
      .endAttempt(claimed, failure, worthRetrying.has(failure.code))
      .catch((unwritten: unknown) => `not written: ${String(unwritten)}`)
    if (outcome === 'lost') leaseLosses.inc({ kind: noun })
    attemptsEnded.inc({ kind: noun, outcome: countable.has(outcome) ? outcome : 'not written' })
    const shown = logErrors ? { err: error } : { failure }
    log.warn({ ...shown, outcome }, 'attempt ended without results')
  }

  #lose(log: Logger, why: string): void {
    const { noun: kind } = this.#parts
    leaseLosses.inc({ kind })
    attemptsEnded.inc({ kind, outcome: 'lost' })
    log.info(`LEASE_LOST: ${why}`)
  }
}
