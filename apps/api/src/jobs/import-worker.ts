// A worker's second loop: claim the next import, bring the model in, store it under the lease's epoch; until none is left.
import type { RunNotifications } from '../database/index.js'
import type { ImportHost } from '../engine/import-host.js'
import type { ImportProgress, ImportedModel } from '../engine/import-protocol.js'
import { locateSource } from '../engine/model-source.js'
import type { ServerPaths } from '../engine/server-paths.js'
import { toModelValues } from '../features/model/model-values.js'
import type { Logger } from '../logger.js'
import { failureOf, withoutSecrets } from './attempt-failure.js'
import type { ClaimedImport, ImportLeaseRepository } from './import-lease.repository.js'
import { LeaseKeeper, defaultLeaseTimes } from './lease-keeper.js'
import type { LeaseTimes } from './lease-keeper.js'
import { ProgressWriter } from './progress-writer.js'

export interface ImportWorkerParts {
  readonly id: string
  readonly home: string
  readonly leases: ImportLeaseRepository
  readonly imports: ImportHost
  readonly paths: ServerPaths
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes
}

/** Failures after which the same import may well succeed without anybody doing anything. */
const worthRetrying: ReadonlySet<string> = new Set(['IMPORT_CRASHED', 'UNEXPECTED'])

export class ImportWorker {
  readonly #parts: ImportWorkerParts
  #draining: Promise<void> | null = null
  #again = false
  #stopping = false
  #keeper: LeaseKeeper<ClaimedImport> | null = null

  constructor(parts: ImportWorkerParts) {
    this.#parts = parts
  }

  /** Works until nothing is left. Called while it works already, it has the loop look once more. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#work().finally(() => (this.#draining = null))
    return this.#draining
  }

  /** Gives the present import back and ends the loop. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#keeper?.interrupt()
    await this.#draining
  }

  async #work(): Promise<void> {
    const { leases, id } = this.#parts
    while (this.#again && !this.#stopping) {
      this.#again = false
      await leases.failExhausted()
      for (let found = true; found && !this.#stopping;) {
        const claimed = await leases.claim(id)
        if (claimed !== null) await this.#bringIn(claimed)
        found = claimed !== null
      }
    }
  }

  async #bringIn(claimed: ClaimedImport): Promise<void> {
    const { leases, notifications, leaseTimes, logger } = this.#parts
    const { id, leaseEpoch, attempt } = claimed
    const log = logger.child({ importId: id, epoch: leaseEpoch, attempt })
    const times = leaseTimes ?? defaultLeaseTimes
    const keeper = new LeaseKeeper(leases, claimed, { notifications, times })
    this.#keeper = keeper
    const started = Date.now()
    try {
      const stored = await this.#bringInAndStore(claimed, keeper.signal)
      const milliseconds = Date.now() - started
      log.info({ milliseconds }, stored ? 'model added' : 'LEASE_LOST: nothing was written')
    } catch (error) {
      await this.#end(claimed, keeper, error, log)
    } finally {
      this.#keeper = null
      keeper.stop()
    }
  }

  async #bringInAndStore(claimed: ClaimedImport, signal: AbortSignal): Promise<boolean> {
    const { leases, home, imports, paths } = this.#parts
    const { name } = claimed
    const source = locateSource(claimed.source, paths)
    const progress = new ProgressWriter((latest: ImportProgress) =>
      leases.setProgress(claimed, latest),
    )
    let notes: Promise<unknown> = Promise.resolve()
    const onNote = (sentence: string): void => {
      notes = notes.then(() => leases.addNote(claimed, sentence)).catch(() => undefined)
    }
    const model: ImportedModel = await imports
      .run({
        task: { source, name, home },
        ...{ signal, onNote },
        onProgress: (next) => progress.offer(next, next.stage),
      })
      .finally(() => Promise.all([progress.end(), notes]))
    const place = { source: name, directory: model.directory, bundled: false }
    return leases.storeDone(claimed, toModelValues(model.description, place))
  }

  async #end(
    claimed: ClaimedImport,
    keeper: LeaseKeeper<ClaimedImport>,
    error: unknown,
    log: Logger,
  ): Promise<void> {
    if (keeper.lost) return log.info('LEASE_LOST: the import was cancelled, deleted or taken over')
    if (this.#stopping && keeper.signal.aborted) {
      await this.#parts.leases.giveBack(claimed)
      return log.info('import given back')
    }
    const failure = withoutSecrets(failureOf(error), [process.env['HF_TOKEN']])
    const outcome = await this.#parts.leases
      .endAttempt(claimed, failure, worthRetrying.has(failure.code))
      .catch((unwritten: unknown) => `not written: ${String(unwritten)}`)
    log.warn({ failure, outcome }, 'attempt ended without a model')
  }
}
