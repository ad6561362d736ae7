// That a worker is alive and what it can compute, in its row. Whoever watches an evaluation is told when that has changed, here or
// of another worker: why an evaluation waits depends on it.
import os from 'node:os'
import type { EngineHost } from '../engine/engine-host.js'
import type { Logger } from '../logger.js'
import type { EvaluationLeaseRepository } from './evaluation-lease.repository.js'
import type { WorkerStatus } from './worker-activity.js'
import type { WorkerRepository } from './worker.repository.js'

export interface WorkerPresenceParts {
  readonly id: string
  readonly workers: WorkerRepository
  readonly evaluations: Pick<EvaluationLeaseRepository, 'tellWatchers'>
  readonly status: () => WorkerStatus
}

export class WorkerPresence {
  readonly #parts: WorkerPresenceParts
  #toldOfSelf: string
  #toldOfLiving = ''

  constructor(parts: WorkerPresenceParts) {
    this.#parts = parts
    this.#toldOfSelf = abilityOf(parts.status())
  }

  /** Writes down what the worker does. */
  async tell(): Promise<void> {
    const { id, workers, evaluations, status } = this.#parts
    const present = status()
    await workers.reportAlive(id, present)
    const ability = abilityOf(present)
    if (ability === this.#toldOfSelf) return
    await evaluations.tellWatchers()
    this.#toldOfSelf = ability
  }

  /** Tries the drivers of this machine in another process, which may take seconds, and tells the API. */
  async reportDevices(engine: EngineHost, logger: Logger): Promise<void> {
    const { id, workers, evaluations } = this.#parts
    try {
      await workers.reportDevices(id, { ...(await engine.devices()), machine: os.hostname() })
      await evaluations.tellWatchers()
    } catch (error) {
      logger.warn({ err: error }, 'what can compute is not known')
    }
  }

  /** Notices workers that came and went, also on other machines. */
  async lookAround(): Promise<void> {
    const { workers, evaluations } = this.#parts
    const living = (await workers.readLiving()).join('\n')
    if (living === this.#toldOfLiving) return
    await evaluations.tellWatchers()
    this.#toldOfLiving = living
  }

  async leave(): Promise<void> {
    const { id, workers, evaluations } = this.#parts
    await workers.remove(id)
    await evaluations.tellWatchers()
  }
}

/** What a worker says of itself that may keep it from an evaluation. */
const abilityOf = ({ missingModelIds, largeModels, trouble }: WorkerStatus): string =>
  JSON.stringify([missingModelIds, largeModels, trouble])
