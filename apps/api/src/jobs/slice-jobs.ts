// Chooses the cases that a model knows: asks it a group of cases at a time, in seeded order, until enough are found.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import type { KnownCasesTask } from '../engine/evaluation-task.js'
import { knownWords } from '../features/dataset/known-answers.js'
import { sliceDigest } from '../features/slice/slice.service.js'
import type { Logger } from '../logger.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import type { AnsweredCase, KnownAnswersRepository } from './known-answers.repository.js'
import { walkKnown } from './known-walk.js'
import type { KnownWalk } from './known-walk.js'
import type { LeaseTimes } from './lease-keeper.js'
import { ProgressWriter } from './progress-writer.js'
import type { ClaimedSlice, SliceLeaseRepository, SliceStep } from './slice-lease.repository.js'

export interface SliceJobsParts {
  readonly leases: SliceLeaseRepository
  readonly answers: KnownAnswersRepository
  readonly engine: Pick<EngineHost, 'evaluate'>
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class SliceJobs {
  readonly #parts: SliceJobsParts
  readonly #attempts: Attempts<ClaimedSlice>
  /** Of the slice that was worked on last: it does not change, and sorting a large data set takes its time. */
  #order: { readonly sliceId: string; readonly places: readonly number[] } | null = null

  constructor(parts: SliceJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'slice',
      logErrors: true,
    })
  }

  /** Asks one group of cases; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    await this.#parts.leases.failExhausted()
    const claimed = await this.#parts.leases.claim(owner)
    if (claimed === null) return false
    await this.#attempts.make(claimed, (signal) => this.#goOn(claimed, signal))
    return true
  }

  /** Gives the present slice back. */
  stop(): void {
    this.#attempts.stop()
  }

  async #goOn(claimed: ClaimedSlice, signal: AbortSignal): Promise<boolean> {
    const order = await this.#orderOf(claimed)
    const before = await this.#walk(claimed, order)
    if (before.ask.length === 0) return this.#finish(claimed, order, before)
    await this.#ask(claimed, order, before, signal)
    const after = await this.#walk(claimed, order)
    if (after.ask.length === 0) return this.#finish(claimed, order, after)
    return this.#parts.leases.release(claimed, stepOf(claimed, order, after))
  }

  async #orderOf({ id, datasetId, definition }: ClaimedSlice): Promise<readonly number[]> {
    if (this.#order?.sliceId !== id) {
      const places = await this.#parts.answers.order(datasetId, definition)
      this.#order = { sliceId: id, places }
    }
    return this.#order.places
  }

  async #walk(
    { datasetId, modelId, cases, definition }: ClaimedSlice,
    order: readonly number[],
  ): Promise<KnownWalk> {
    const answers = await this.#parts.answers.read(datasetId, modelId, cases)
    return walkKnown(order, answers, definition.count)
  }

  async #ask(
    claimed: ClaimedSlice,
    order: readonly number[],
    walk: KnownWalk,
    signal: AbortSignal,
  ): Promise<void> {
    const { engine, answers, leases } = this.#parts
    const { datasetId, modelId, cases, directory: model } = claimed
    const asked = await answers.cases(datasetId, walk.ask)
    const progress = new ProgressWriter((step: SliceStep) => leases.setProgress(claimed, step))
    const task: KnownCasesTask = { kind: 'known-cases', model, cases: asked }
    const onProgress = ({ stage, done }: { stage: string; done: number | null }): void =>
      progress.offer(stepOf(claimed, order, walk, done ?? 0), stage)
    const answer = await engine.evaluate({ task, signal, onProgress }).finally(() => progress.end())
    const found = answer.answers.map((word, index): AnsweredCase => {
      return { place: walk.ask[index] as number, answer: knownWords.indexOf(word) }
    })
    await answers.add(datasetId, modelId, cases, found)
  }

  /** @throws BAD_ARGUMENT, as a slice without a case is none */
  #finish(claimed: ClaimedSlice, order: readonly number[], walk: KnownWalk): Promise<boolean> {
    const { tested } = walk.counts
    if (walk.known.length === 0)
      throw new LensEngineError(
        'BAD_ARGUMENT',
        `the model gives the true answer of none of the ${tested} cases`,
        { details: { tested }, cure: 'Choose cases without asking it, or ask another model.' },
      )
    const places = [...walk.known].sort((a, b) => a - b)
    const digest = sliceDigest(claimed.datasetDigest, places)
    return this.#parts.leases.finish(claimed, stepOf(claimed, order, walk), { places, digest })
  }
}

/** @param asking cases of the present group that were asked */
function stepOf(
  { definition: { count } }: ClaimedSlice,
  order: readonly number[],
  { counts }: KnownWalk,
  asking = 0,
): SliceStep {
  const tested = counts.tested + asking
  if (count === null) return { done: tested, total: order.length, counts: { ...counts, tested } }
  return { done: counts.known, total: count, counts: { ...counts, tested } }
}
