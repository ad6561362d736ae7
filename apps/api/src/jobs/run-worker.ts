// A worker's loop: claim the next run, have the engine compute it, store it under the lease's epoch; until none is left.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import type { LensResultRepository } from '../features/lens-run/lens-result.repository.js'
import { packResult } from '../features/lens-run/pack-result.js'
import { toLensRequest } from '../features/lens-run/run-request.js'
import type { Logger } from '../logger.js'
import { providerChoices } from '../vocabulary/names.js'
import { failureOf } from './attempt-failure.js'
import { LeaseKeeper, defaultLeaseTimes } from './lease-keeper.js'
import type { LeaseTimes } from './lease-keeper.js'
import type { ClaimedRun, RunLeaseRepository } from './run-lease.repository.js'
import { RunProgressWriter } from './run-progress-writer.js'
import type { VectorJobs } from './vector-jobs.js'

export interface RunWorkerParts {
  readonly id: string
  readonly leases: RunLeaseRepository
  readonly results: LensResultRepository
  readonly vectors: VectorJobs
  readonly engine: EngineHost
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes
}

/** Failures after which the same question may well succeed. */
const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class RunWorker {
  readonly #parts: RunWorkerParts
  #draining: Promise<void> | null = null
  #again = false
  #stopping = false
  #keeper: LeaseKeeper<ClaimedRun> | null = null

  constructor(parts: RunWorkerParts) {
    this.#parts = parts
  }

  /** Works until nothing is left. Called while it works already, it has the loop look once more. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#work().finally(() => (this.#draining = null))
    return this.#draining
  }

  /** Gives the present run back and ends the loop. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#keeper?.interrupt()
    await this.#draining
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopping) {
      this.#again = false
      await this.#parts.leases.failExhausted()
      for (let found = true; found && !this.#stopping;) {
        const run = await this.#parts.leases.claim(this.#parts.id)
        if (run !== null) await this.#compute(run)
        const served = await this.#parts.vectors.serveNext(this.#parts.id)
        found = run !== null || served
      }
    }
  }

  async #compute(run: ClaimedRun): Promise<void> {
    const { leases, notifications, leaseTimes, logger } = this.#parts
    const log = logger.child({ runId: run.id, epoch: run.leaseEpoch, attempt: run.attempt })
    const keeper = new LeaseKeeper(leases, run, {
      notifications,
      times: leaseTimes ?? defaultLeaseTimes,
    })
    this.#keeper = keeper
    const started = Date.now()
    try {
      const stored = await this.#computeAndStore(run, keeper.signal)
      log.info(
        { milliseconds: Date.now() - started },
        stored ? 'run done' : 'LEASE_LOST: nothing was written',
      )
    } catch (error) {
      await this.#end(run, keeper, error, log)
    } finally {
      this.#keeper = null
      keeper.stop()
    }
  }

  async #computeAndStore(run: ClaimedRun, signal: AbortSignal): Promise<boolean> {
    const { engine, leases, results } = this.#parts
    const progress = new RunProgressWriter(leases, run)
    const result = await engine
      .run({
        directory: run.directory,
        request: toLensRequest(run),
        provider: providerChoices.toEngine(run.provider),
        onStage: (stage, block) => progress.report(stage, block),
        signal,
      })
      .finally(() => progress.end())
    if (!(await leases.setStage(run, 'STORING'))) return false
    return results.storeDone(run.id, run.leaseEpoch, packResult(result))
  }

  async #end(
    run: ClaimedRun,
    keeper: LeaseKeeper<ClaimedRun>,
    error: unknown,
    log: Logger,
  ): Promise<void> {
    if (keeper.lost) return log.info('LEASE_LOST: the run was cancelled, deleted or taken over')
    if (this.#stopping && keeper.signal.aborted) {
      await this.#parts.leases.giveBack(run)
      return log.info('run given back')
    }
    const failure = failureOf(error)
    const outcome = await this.#parts.leases
      .endAttempt(run, failure, worthRetrying.has(failure.code))
      .catch((unwritten: unknown) => `not written: ${String(unwritten)}`)
    log.warn({ err: error, outcome }, 'attempt ended without results')
  }
}
