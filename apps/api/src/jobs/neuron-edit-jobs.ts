// Keeps what neurons show of saved edits up to date. It can be computed again at any time, so it needs no lease.
import { readEditNorms } from '../engine/neuron-library.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import type { Logger } from '../logger.js'
import type { NeuronEditsRepository } from './neuron-edits.repository.js'

export interface NeuronEditJobsParts {
  readonly contents: EditContentRepository
  readonly neurons: NeuronEditsRepository
  readonly logger: Logger
}

/** Milliseconds between two looks that found nothing. */
const rest = 1_000

export class NeuronEditJobs {
  readonly #parts: NeuronEditJobsParts
  /** Edits that cannot be read; not tried again by this worker. */
  readonly #unreadable = new Set<string>()
  #restUntil = 0

  constructor(parts: NeuronEditJobsParts) {
    this.#parts = parts
  }

  /** One edit or one survey; false when there was none. */
  async serveNext(): Promise<boolean> {
    if (Date.now() < this.#restUntil) return false
    const { neurons } = this.#parts
    const editId = await neurons.nextEdit([...this.#unreadable])
    if (editId !== null) {
      await this.#readEdit(editId)
      return true
    }
    const survey = await neurons.staleSurvey()
    if (survey !== null) await neurons.showLargest(survey)
    else this.#restUntil = Date.now() + rest
    return survey !== null
  }

  stop(): void {
    // A piece takes milliseconds: it is not worth ending.
  }

  async #readEdit(editId: string): Promise<void> {
    const { contents, neurons, logger } = this.#parts
    try {
      const [edit] = await contents.load([editId])
      if (edit) await neurons.storeNorms(editId, readEditNorms(edit))
    } catch (error) {
      this.#unreadable.add(editId)
      logger.warn({ err: error, editId }, 'what an edit changes of neurons is not known')
    }
  }
}
