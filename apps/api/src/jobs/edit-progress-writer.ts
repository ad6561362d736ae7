// What the engine says while it computes about edits -> its row: the latest stage, and every loss so far.
import type { EditTaskProgress } from '../engine/engine-vocabulary.js'
import type { ClaimedEditTask, EditLeaseRepository, EditTaskStep } from './edit-lease.repository.js'
import { ProgressWriter } from './progress-writer.js'

/** Milliseconds between writes: a curve that falls is worth seeing fall. */
const rest = 200

export class EditProgressWriter {
  readonly #writer: ProgressWriter<EditTaskStep>
  #losses: readonly number[] = []

  constructor(leases: Pick<EditLeaseRepository, 'setProgress'>, claimed: ClaimedEditTask) {
    this.#writer = new ProgressWriter(
      (latest: EditTaskStep) => leases.setProgress(claimed, latest),
      rest,
    )
  }

  report({ stage, done, total, loss }: EditTaskProgress): void {
    if (loss !== undefined && Number.isFinite(loss)) this.#losses = [...this.#losses, loss]
    if (stage !== 'queued') this.#writer.offer({ stage, done, total, losses: this.#losses }, stage)
  }

  /** Writes what is left. */
  end(): Promise<void> {
    return this.#writer.end()
  }
}
