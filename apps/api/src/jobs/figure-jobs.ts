// Makes figures over many prompts, a few prompts at a time: the engine observes, a thread draws, each stored under the lease's epoch.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { figureKinds } from '../engine/figure-library.js'
import type { ObservePromptsTask } from '../engine/figure-library.js'
import type { Logger } from '../logger.js'
import type { StatisticsPool } from '../statistics/statistics-pool.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import type { ClaimedFigures, FigureLeaseRepository } from './figure-lease.repository.js'
import type { LeaseTimes } from './lease-keeper.js'

export interface FigureJobsParts {
  readonly leases: FigureLeaseRepository
  readonly engine: EngineHost
  readonly statistics: StatisticsPool
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

/** Prompts between two claims: what a kill loses at most, and what other work waits for. */
const groupSize = 5
/** Prompts between two drawings; of many prompts a tenth of what is done, as each drawing reads them all. */
const drawEvery = 10

const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class FigureJobs {
  readonly #parts: FigureJobsParts
  readonly #attempts: Attempts<ClaimedFigures>

  constructor(parts: FigureJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'figures',
      logErrors: true,
    })
  }

  /** Observes the next group; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    const claimed = await this.#parts.leases.claim(owner)
    if (claimed === null) return false
    await this.#attempts.make(claimed, (signal) => this.#serve(claimed, signal))
    return true
  }

  /** Gives the present group back. */
  stop(): void {
    this.#attempts.stop()
  }

  async #serve(claimed: ClaimedFigures, signal: AbortSignal): Promise<boolean> {
    const { leases } = this.#parts
    const prompts = await leases.nextPrompts(claimed, groupSize)
    if (prompts.length === 0) return this.#finish(claimed)
    const { smallestStep, seed } = claimed.settings
    const cases = prompts.map(({ record }) => record) as ObservePromptsTask['cases']
    await leases.setStage(claimed, smallestStep ? 'observing, and searching steps' : 'observing')
    const { observations, receipt } = await this.#parts.engine.evaluate({
      task: { kind: 'observe-prompts', model: claimed.directory, cases, smallestStep, seed },
      signal,
      onProgress: () => undefined,
    })
    const observed = observations.map((observation, index) => ({
      ...{ place: prompts[index]?.place as number, observation },
    }))
    const done = await leases.storeObserved(claimed, observed, receipt)
    if (done === null) return false
    if (done >= claimed.prompts) return this.#finish(claimed)
    const drawn = await leases.drawn(claimed.id)
    if (done - drawn >= Math.max(drawEvery, drawn / 10) && !(await this.#draw(claimed)))
      return false
    return leases.release(claimed)
  }

  async #finish(claimed: ClaimedFigures): Promise<boolean> {
    return (await this.#draw(claimed)) && this.#parts.leases.finish(claimed)
  }

  async #draw(claimed: ClaimedFigures): Promise<boolean> {
    const { leases, statistics } = this.#parts
    const { seed, smallestStep } = claimed.settings
    await leases.setStage(claimed, 'drawing')
    const observations = await leases.observations(claimed.id)
    const kinds = figureKinds
      .map(({ kind }) => kind)
      .filter((kind) => smallestStep || kind !== 'smallest-step')
    const figures = await statistics.figures({ kinds, observations, seed })
    return leases.storeFigures(claimed, figures, observations.length)
  }
}
