// Counts the whole table of every evaluation that has just ended, so that it opens at once.
import type { ComparisonRepository } from './comparison.repository.js'
import type { ComparisonService } from './comparison.service.js'

/** Milliseconds between looks at what has ended. */
const usualPause = 5_000

export class CountAhead {
  readonly #repository: ComparisonRepository
  readonly #comparisons: ComparisonService
  readonly #counted = new Set<string>()
  #looking: Promise<void> | null = null

  constructor(repository: ComparisonRepository, comparisons: ComparisonService) {
    this.#repository = repository
    this.#comparisons = comparisons
  }

  /** Looks again and again until the process ends; a database that is away is asked later. */
  start(pause = usualPause): void {
    setInterval(() => void this.look().catch(() => undefined), pause).unref()
  }

  look(): Promise<void> {
    this.#looking ??= this.#countEnded().finally(() => (this.#looking = null))
    return this.#looking
  }

  async #countEnded(): Promise<void> {
    for (const { id, projectId, version } of await this.#repository.endedLately()) {
      const key = `${id} ${version}`
      if (this.#counted.has(key)) continue
      this.#counted.add(key)
      await this.#comparisons.countAhead(projectId, id)
    }
  }
}
