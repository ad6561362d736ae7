// A worker's loop: claim the next run, have the engine compute it, store it under the lease's epoch; until none is left.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import type { LensResultRepository } from '../features/lens-run/lens-result.repository.js'
import { packResult } from '../features/lens-run/pack-result.js'
import { toLensRequest } from '../features/lens-run/run-request.js'
import type { Logger } from '../logger.js'
import { providerChoices } from '../vocabulary/names.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import { loadEdits } from './edit-engine-task.js'
import type { EditJobs } from './edit-jobs.js'
import type { EngineHealth } from './engine-health.js'
import type { LeaseTimes } from './lease-keeper.js'
import type { ClaimedRun, RunLeaseRepository } from './run-lease.repository.js'
import { RunProgressWriter } from './run-progress-writer.js'
import type { VectorJobs } from './vector-jobs.js'

export interface RunWorkerParts {
  readonly id: string
  readonly leases: RunLeaseRepository
  readonly results: LensResultRepository
  readonly contents: EditContentRepository
  readonly vectors: VectorJobs
  readonly edits: EditJobs
  /** Work that nobody sits waiting for; each kind in its turn, when there is nothing of the others. */
  readonly background: readonly BackgroundJobs[]
  readonly engine: EngineHost
  /** Nothing is claimed while the engine does not start. */
  readonly health: EngineHealth
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes
}

export interface BackgroundJobs {
  /** Does a piece of it; false when there was none. */
  serveNext(owner: string): Promise<boolean>
  /** Gives back what is under way. */
  stop(): void
}

/** Failures after which the same question may well succeed. */
const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class RunWorker {
  readonly #parts: RunWorkerParts
  readonly #attempts: Attempts<ClaimedRun>
  #draining: Promise<void> | null = null
  #again = false
  #stopping = false
  #turn = 0

  constructor(parts: RunWorkerParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'run',
      logErrors: true,
    })
  }

  /** Works until nothing is left. Called while it works already, it has the loop look once more. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#work().finally(() => (this.#draining = null))
    return this.#draining
  }

  /** Gives what is being computed back and ends the loop. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#parts.health.stop()
    this.#attempts.stop()
    this.#parts.edits.stop()
    for (const jobs of this.#parts.background) jobs.stop()
    await this.#draining
  }

  get #goesOn(): boolean {
    return !this.#stopping && !this.#parts.health.resting
  }

  /** One engine, one thing at a time: a run, a file of vectors and a task about edits by turns; then what can wait. */
  async #work(): Promise<void> {
    const { leases, vectors, edits, health, id } = this.#parts
    while (this.#again && !this.#stopping) {
      this.#again = false
      await leases.failExhausted()
      await edits.failExhausted()
      for (let found = true; found && (await health.canCompute()) && !this.#stopping;) {
        const run = await leases.claim(id)
        if (run !== null)
          await this.#attempts.make(run, (signal) => this.#computeAndStore(run, signal))
        const served = this.#goesOn && (await vectors.serveNext(id))
        const edited = this.#goesOn && (await edits.serveNext(id))
        found = run !== null || served || edited || (await this.#serveBackground())
      }
    }
  }

  /** One piece of one kind, so that interactive work waits no longer than that. */
  async #serveBackground(): Promise<boolean> {
    const { background, id } = this.#parts
    for (const [offset] of background.entries()) {
      if (!this.#goesOn) return false
      const place = (this.#turn + offset) % background.length
      if (!(await background[place]?.serveNext(id))) continue
      this.#turn = place + 1
      return true
    }
    return false
  }

  async #computeAndStore(run: ClaimedRun, signal: AbortSignal): Promise<boolean> {
    const { engine, leases, results, contents } = this.#parts
    const edits = await loadEdits(contents, run.editIds)
    const progress = new RunProgressWriter(leases, run)
    const result = await engine
      .run({
        directory: run.directory,
        request: toLensRequest(run),
        edits,
        provider: providerChoices.toEngine(run.provider),
        onStage: (stage, block) => progress.report(stage, block),
        signal,
      })
      .finally(() => progress.end())
    if (!(await leases.setStage(run, 'STORING'))) return false
    return results.storeDone(run.id, run.leaseEpoch, packResult(result))
  }
}
