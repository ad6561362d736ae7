// Models that did not fit into this machine's memory: their batches are left to other workers for some minutes.
import type { AttemptFailure } from './run-lease.repository.js'

export interface LargeModel {
  /** Names are only of one project. */
  readonly modelId: string
  readonly name: string
  readonly message: string
  readonly cure: string
}

/** Other programs may have ended by then. */
const leftAloneMilliseconds = 300_000

export class LargeModels {
  readonly #found = new Map<string, LargeModel & { readonly until: number }>()

  /** Leaves a model alone from now on. */
  add(modelId: string, name: string, { message, cure }: AttemptFailure): void {
    const until = Date.now() + leftAloneMilliseconds
    this.#found.set(modelId, { modelId, name, message, cure, until })
  }

  /** Whether a model is left alone just now. */
  has(modelId: string): boolean {
    return Date.now() < (this.#found.get(modelId)?.until ?? 0)
  }

  /** Forgets those that may be tried again; false when there was none. */
  expire(): boolean {
    const over = [...this.#found].filter(([modelId]) => !this.has(modelId))
    for (const [modelId] of over) this.#found.delete(modelId)
    return over.length > 0
  }

  list(): readonly LargeModel[] {
    return [...this.#found.values()].map(({ modelId, name, message, cure }) => ({
      ...{ modelId, name, message, cure },
    }))
  }
}
