// Computes evaluations batch by batch: claims the next one, has the engine compute it, stores its rows under the lease's epoch.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import type { EvaluateCasesTask } from '../engine/evaluation-task.js'
import type { LocalModels } from '../engine/local-models.js'
import { UserFailure } from '../errors/user-failure.js'
import type { Logger } from '../logger.js'
import { caseRows } from '../observability/process-metrics.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import { suspiciousLosses } from './evaluation-claim.js'
import type { BatchFailure, ClaimedBatch, RowToStore } from './evaluation-claim.js'
import type { EvaluationLeaseRepository, NeededModel } from './evaluation-lease.repository.js'
import type { EvaluationRowRepository } from './evaluation-row.repository.js'
import { toFailures, toRows } from './evaluation-rows.js'
import type { LoadedBatch } from './evaluation-rows.js'
import { isTransient } from './evaluation-store-error.js'
import type { LeaseTimes } from './lease-keeper.js'
import { LargeModels } from './large-models.js'
import type { WorkerActivity } from './worker-activity.js'

export interface EvaluationJobsParts {
  readonly leases: EvaluationLeaseRepository
  readonly rows: EvaluationRowRepository
  readonly engine: EngineHost
  readonly models: LocalModels
  readonly activity: WorkerActivity
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

interface LocalModel {
  readonly name: string
  readonly directory: string
}

/** Failures of a batch that may be one case's under one arm: each is tried again alone, and what fails then has failed. */
const ofOneCase: ReadonlySet<string> = new Set([
  ...['ENGINE_CRASHED', 'ENGINE_OUT_OF_MEMORY', 'WORKER_LOST', 'DISK_FULL', 'UNEXPECTED'],
])
/** Failures that say nothing of the batch: it goes back as it was. A model may fit into the memory of another machine. */
const goesBack: ReadonlySet<string> = new Set(['RUN_CANCELLED', 'DATABASE_GONE', 'MODEL_TOO_LARGE'])
/** What every machine has, until the worker has looked. */
const untilKnown = ['cpu']
/** Which models there are is asked again after so long. */
const offerMilliseconds = 5_000
/** A database that is gone is waited for; the lease runs out meanwhile if it takes long. */
const storePauses = [250, 500, 1_000, 2_000, 2_000, 4_000, 4_000, 8_000, 8_000, 15_000, 15_000]

const workersLost = 'The workers that computed this stopped answering, again and again.'
const workersLostCure = 'See their logs; they may have been killed for want of memory.'

export class EvaluationJobs {
  readonly #parts: EvaluationJobsParts
  readonly #attempts: Attempts<ClaimedBatch>
  readonly #loaded = new WeakMap<ClaimedBatch, LoadedBatch>()
  readonly #large = new LargeModels()
  #offer = { at: 0, models: new Map<string, LocalModel>(), missing: [] as NeededModel[] }
  #stopping = false

  constructor(parts: EvaluationJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ notifications, leaseTimes, logger, worthRetrying: ofOneCase },
      failureOf: failureWithDetails,
      noun: 'batch',
      logFields: ({ evaluationId, firstCase, cases }: ClaimedBatch) => ({
        ...{ evaluationId, firstCase, cases },
      }),
      logErrors: true,
      leases: {
        renew: (held) => leases.renew(held),
        holds: (held) => leases.holds(held),
        giveBack: (held) => leases.giveBack(held),
        endAttempt: (held, failure, mayBeOneCase) => this.#end(held, failure, mayBeOneCase),
      },
    })
  }

  /** Computes the next batch; false when there was none for this worker. */
  async serveNext(owner: string): Promise<boolean> {
    await this.#lookForModels()
    if (this.#large.expire()) await this.#parts.activity.tooLarge(this.#large.list())
    const providers = this.#parts.activity.providers() ?? untilKnown
    const modelIds = [...this.#offer.models.keys()].filter((id) => !this.#large.has(id))
    const claimed = await this.#parts.leases.claim(owner, { modelIds, providers })
    if (claimed === null) return false
    const { evaluationId, id: batchId, leaseEpoch: epoch, firstCase, cases } = claimed
    this.#parts.logger.debug({ evaluationId, batchId, epoch, firstCase, cases }, 'batch claimed')
    this.#parts.activity.evaluating(evaluationId)
    try {
      await this.#attempts.make(claimed, (signal) => this.#compute(claimed, signal))
    } finally {
      this.#parts.activity.evaluating(null)
    }
    return true
  }

  /** Gives the batch that is being computed back. */
  stop(): void {
    this.#stopping = true
    this.#attempts.stop()
  }

  async #compute(claimed: ClaimedBatch, signal: AbortSignal): Promise<boolean> {
    if (claimed.lost && claimed.losses >= suspiciousLosses)
      throw new UserFailure('WORKER_LOST', workersLost, { cure: workersLostCure })
    const batch = await this.#load(claimed)
    if (batch.arms.length === 0) return this.#store(batch, [], null, signal)
    const task = this.#taskOf(batch)
    const answer = await this.#parts.engine.evaluate({ task, signal, onProgress: () => undefined })
    const rows = toRows(batch, answer)
    return this.#store(batch, rows, answer.receipt, signal)
  }

  async #load(claimed: ClaimedBatch): Promise<LoadedBatch> {
    const { rows } = this.#parts
    const [arms, cases] = await Promise.all([rows.arms(claimed), rows.cases(claimed)])
    if (cases.length !== claimed.cases)
      throw new LensEngineError('DATASET_INVALID', 'cases of the slice are gone', {
        cure: 'Make the slice again and start a new evaluation.',
      })
    const batch = { claimed, arms, cases }
    this.#loaded.set(claimed, batch)
    return batch
  }

  #taskOf({ claimed, arms, cases }: LoadedBatch): EvaluateCasesTask {
    const { protocol, seed, settings, modelId } = claimed
    const { divergence, generation, threads, provider } = settings
    return {
      kind: 'evaluate-cases',
      model: this.#offer.models.get(modelId)?.directory as string,
      cases: cases.map(({ record }) => record) as unknown as EvaluateCasesTask['cases'],
      arms: arms.map(({ name, method, hyperparameters, defaults }) => ({
        ...{ name, method, hyperparameters, defaults },
      })) as unknown as EvaluateCasesTask['arms'],
      protocol: protocol as EvaluateCasesTask['protocol'],
      ...{ seed, divergence, generation, provider },
      ...(threads === null ? {} : { threads }),
    }
  }

  /** Stores rows, and waits for a database that is gone. @throws what cannot be cured by waiting */
  async #store(
    { claimed }: LoadedBatch,
    rows: readonly RowToStore[],
    receipt: object | null,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (const pause of [...storePauses, null]) {
      try {
        const stored = (await this.#parts.rows.store(claimed, rows, receipt)) !== 'lost'
        if (stored) this.#count(rows)
        return stored
      } catch (error) {
        if (pause === null || signal.aborted || !isTransient(error)) throw error
        this.#parts.logger.warn({ err: error, batchId: claimed.id }, 'rows are not stored yet')
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      }
    }
    return false
  }

  #count(rows: readonly RowToStore[]): void {
    this.#parts.activity.count(rows.length)
    for (const row of rows) caseRows.inc({ outcome: outcomeOf(row) })
  }

  async #end(
    claimed: ClaimedBatch,
    failure: BatchFailure,
    mayBeOneCase: boolean,
  ): Promise<'retried' | 'failed' | 'lost'> {
    const { leases } = this.#parts
    if (failure.code === 'MODEL_TOO_LARGE') await this.#leaveAlone(claimed, failure)
    if (goesBack.has(failure.code)) return (await leases.giveBack(claimed)) ? 'retried' : 'lost'
    if (!mayBeOneCase) return (await leases.failEvaluation(claimed, failure)) ? 'failed' : 'lost'
    if (claimed.cases > 1) return (await leases.split(claimed)) ? 'retried' : 'lost'
    const batch = this.#loaded.get(claimed) ?? (await this.#load(claimed))
    if (batch.arms.length > 1) return (await leases.split(claimed)) ? 'retried' : 'lost'
    if (!leases.isLastCrash(claimed)) return (await leases.countCrash(claimed)) ? 'retried' : 'lost'
    const { signal } = new AbortController()
    return (await this.#store(batch, toFailures(batch, failure), null, signal)) ? 'failed' : 'lost'
  }

  /** From now on the batches of a model are for workers with more memory. */
  #leaveAlone({ modelId }: ClaimedBatch, failure: BatchFailure): Promise<void> {
    this.#large.add(modelId, this.#offer.models.get(modelId)?.name ?? modelId, failure)
    return this.#parts.activity.tooLarge(this.#large.list())
  }

  /** Which of the models that are needed are on this machine; what is not is named on the page of workers. */
  async #lookForModels(): Promise<void> {
    const { leases, models, activity } = this.#parts
    if (this.#stopping || Date.now() - this.#offer.at < offerMilliseconds) return
    const needed = await leases.neededModels()
    const found = needed.map((model) => ({ model, directory: models.find(model) }))
    this.#offer = {
      at: needed.length === 0 ? 0 : Date.now(),
      models: new Map(
        found.flatMap(({ model: { id, name }, directory }) =>
          directory === null ? [] : [[id, { name, directory }]],
        ),
      ),
      missing: found.filter(({ directory }) => directory === null).map(({ model }) => model),
    }
    await activity.lacks(this.#offer.missing)
  }
}

/** With the values that stand in the rows of cases that failed. */
function failureWithDetails(error: unknown): BatchFailure {
  if (isTransient(error))
    return {
      ...{ code: 'DATABASE_GONE', message: 'The database did not answer.' },
      cure: 'Nothing: the batch is computed again.',
    }
  const failure = failureOf(error)
  return error instanceof LensEngineError ? { ...failure, details: error.details } : failure
}

function outcomeOf({ kind, record }: RowToStore): string {
  if (kind === 'FAILURE') return 'failed'
  return (record as { readonly outcome: { readonly kind: string } }).outcome.kind
}
