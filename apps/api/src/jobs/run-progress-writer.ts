// What the engine says while it computes a run -> its row: every stage, and the latest of its blocks, in order.
import type { LensProgress, LensStage } from '../engine/engine-vocabulary.js'
import { runStages, streamPasses } from '../vocabulary/names.js'
import { ProgressWriter } from './progress-writer.js'
import type { ClaimedRun, RunBlock, RunLeaseRepository } from './run-lease.repository.js'

type Leases = Pick<RunLeaseRepository, 'setStage' | 'setBlock'>

export class RunProgressWriter {
  readonly #leases: Leases
  readonly #run: ClaimedRun
  readonly #blocks: ProgressWriter<RunBlock>
  #stage: LensStage = 'loading'
  #written: Promise<unknown> = Promise.resolve()

  constructor(leases: Leases, run: ClaimedRun) {
    this.#leases = leases
    this.#run = run
    this.#blocks = new ProgressWriter((block: RunBlock) => this.#writeBlock(block))
  }

  /** Stages are all written; of the blocks those that a reader could follow. */
  report(stage: LensStage, progress?: LensProgress): void {
    if (stage !== 'loading' && stage !== this.#stage) this.#enter(stage)
    if (progress !== undefined) this.#blocks.offer(blockOf(progress), stage)
  }

  /** Resolves when everything is written. @throws when a stage could not be */
  async end(): Promise<void> {
    await this.#blocks.end()
    await this.#written
  }

  #enter(stage: LensStage): void {
    this.#stage = stage
    this.#written = this.#written.then(() =>
      this.#leases.setStage(this.#run, runStages.fromEngine(stage)),
    )
    this.#written.catch(() => undefined)
  }

  /** After the stage it belongs to. */
  async #writeBlock(block: RunBlock): Promise<void> {
    await this.#written
    await this.#leases.setBlock(this.#run, block)
  }
}

function blockOf({ pass, layer, layers, remaining }: LensProgress): RunBlock {
  const secondsLeft = remaining === null ? null : remaining / 1_000
  return { pass: streamPasses.fromEngine(pass), layer, layers, secondsLeft }
}
