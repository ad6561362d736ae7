// Surveys the neurons of a layer, a piece at a time: words, near neurons, then runs, each stored under the lease's epoch.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { summarizeActivity } from '../engine/neuron-library.js'
import type { SurveyNeuronsTask, SurveyedNeurons } from '../engine/neuron-library.js'
import type { Logger } from '../logger.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import type { LeaseTimes } from './lease-keeper.js'
import type { ClaimedSurvey, NeuronLeaseRepository } from './neuron-lease.repository.js'
import type { NeuronResultRepository } from './neuron-result.repository.js'

export interface NeuronJobsParts {
  readonly leases: NeuronLeaseRepository
  readonly results: NeuronResultRepository
  readonly engine: EngineHost
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

/** Neurons and runs between two claims: what a kill loses at most, and what other work waits for. */
const wordsAtOnce = 512
const runsAtOnce = 10

const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class NeuronJobs {
  readonly #parts: NeuronJobsParts
  readonly #attempts: Attempts<ClaimedSurvey>

  constructor(parts: NeuronJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'survey',
      logErrors: true,
    })
  }

  /** Computes the next piece; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    const claimed = await this.#parts.leases.claim(owner)
    if (claimed === null) return false
    await this.#attempts.make(claimed, (signal) => this.#serve(claimed, signal))
    return true
  }

  /** Gives the present piece back. */
  stop(): void {
    this.#attempts.stop()
  }

  async #serve(claimed: ClaimedSurvey, signal: AbortSignal): Promise<boolean> {
    const { leases } = this.#parts
    const { wordsDone, nearestDone, runsDone, neurons, runIds } = claimed
    if (wordsDone < neurons) return (await this.#words(claimed, signal)) && leases.release(claimed)
    if (!nearestDone) return (await this.#nearest(claimed, signal)) && leases.release(claimed)
    if (runsDone >= runIds.length) return this.#finish(claimed)
    if (!(await this.#runs(claimed, signal))) return false
    const ended = runsDone + runsAtOnce >= runIds.length
    return ended ? this.#finish(claimed) : leases.release(claimed)
  }

  async #words(claimed: ClaimedSurvey, signal: AbortSignal): Promise<boolean> {
    const { leases, results } = this.#parts
    await leases.setStage(claimed, 'putting neurons into words')
    const step = { kind: 'words', first: claimed.wordsDone, count: wordsAtOnce } as const
    const { words, receipt } = await this.#ask(claimed, signal, { step, cases: [] })
    return words !== null && results.storeWords(claimed, words, receipt)
  }

  async #nearest(claimed: ClaimedSurvey, signal: AbortSignal): Promise<boolean> {
    const { leases, results } = this.#parts
    await leases.setStage(claimed, 'comparing neurons')
    const { nearest } = await this.#ask(claimed, signal, { step: { kind: 'nearest' }, cases: [] })
    return nearest !== null && results.storeNearest(claimed, nearest.parts, claimed.neurons)
  }

  async #runs(claimed: ClaimedSurvey, signal: AbortSignal): Promise<boolean> {
    const { leases, results } = this.#parts
    await leases.setStage(claimed, 'reading runs')
    const runsDone = Math.min(claimed.runsDone + runsAtOnce, claimed.runIds.length)
    const cases = await results.cases(claimed, runsAtOnce)
    const before = await results.activity(claimed.id)
    const step = { kind: 'activity', before } as const
    const { activity } = await this.#ask(claimed, signal, { step, cases })
    return activity !== null && results.storeActivity(claimed, activity, runsDone)
  }

  async #finish(claimed: ClaimedSurvey): Promise<boolean> {
    const { results } = this.#parts
    const activity = await results.activity(claimed.id)
    const found = activity !== null && activity.tokens > 0 ? activity : null
    return results.finish(claimed, found && summarizeActivity(found), found?.tokens ?? 0)
  }

  #ask(
    { directory, layer }: ClaimedSurvey,
    signal: AbortSignal,
    asked: Pick<SurveyNeuronsTask, 'step' | 'cases'>,
  ): Promise<SurveyedNeurons> {
    return this.#parts.engine.evaluate({
      task: { kind: 'survey-neurons', model: directory, layer, ...asked },
      signal,
      onProgress: () => undefined,
    })
  }
}
