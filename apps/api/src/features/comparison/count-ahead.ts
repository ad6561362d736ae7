// Counts the whole table of every evaluation that has just ended, so that it opens at once.
import type { Logger } from '../../logger.js'
import type { ComparisonRepository } from './comparison.repository.js'
import type { ComparisonService } from './comparison.service.js'

/** Milliseconds between looks at what has ended. */
const usualPause = 5_000

export class CountAhead {
  readonly #repository: ComparisonRepository
  readonly #comparisons: ComparisonService
  readonly #counted = new Set<string>()
  #looking: Promise<void> | null = null
  #logger: Logger | null = null

  constructor(repository: ComparisonRepository, comparisons: ComparisonService) {
    this.#repository = repository
    this.#comparisons = comparisons
  }

  /** Looks again and again until the process ends; a database that is away is asked later. */
  start(logger: Logger, pause = usualPause): void {
    this.#logger = logger
    this.#comparisons.logTo(logger)
    const look = (): Promise<void> =>
      this.look().catch((error: unknown) =>
        logger.warn({ err: error }, 'nobody looked which evaluations have ended'),
      )
    setInterval(() => void look(), pause).unref()
  }

  look(): Promise<void> {
    this.#looking ??= this.#countEnded().finally(() => (this.#looking = null))
    return this.#looking
  }

  /** It is not tried again ahead: whoever opens it has it counted, and is told what is wrong. */
  #failed(error: unknown, evaluationId: string): void {
    this.#logger?.warn({ err: error, evaluationId }, 'an evaluation was not counted ahead')
  }

  async #countEnded(): Promise<void> {
    for (const { id, projectId, version } of await this.#repository.endedLately()) {
      const key = `${id} ${version}`
      if (this.#counted.has(key)) continue
      this.#counted.add(key)
      await this.#comparisons
        .countAhead(projectId, id)
        .catch((error: unknown) => this.#failed(error, id))
    }
  }
}
