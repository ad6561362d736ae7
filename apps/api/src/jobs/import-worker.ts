// A worker's second loop: claim the next import, bring the model in, store it under the lease's epoch; until none is left.
import type { RunNotifications } from '../database/index.js'
import type { ImportHost } from '../engine/import-host.js'
import type { ImportProgress, ImportedModel } from '../engine/import-protocol.js'
import { locateSource } from '../engine/model-source.js'
import type { ServerPaths } from '../engine/server-paths.js'
import { toModelValues } from '../features/model/model-values.js'
import type { Logger } from '../logger.js'
import { failureOf, withoutSecrets } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import type { ClaimedImport, ImportLeaseRepository } from './import-lease.repository.js'
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
  readonly #attempts: Attempts<ClaimedImport>
  #draining: Promise<void> | null = null
  #again = false
  #stopping = false

  constructor(parts: ImportWorkerParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, worthRetrying },
      noun: 'import',
      failureOf: (error) => withoutSecrets(failureOf(error), [process.env['HF_TOKEN']]),
      logErrors: false,
    })
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
    this.#attempts.stop()
    await this.#draining
  }

  async #work(): Promise<void> {
    const { leases, id } = this.#parts
    while (this.#again && !this.#stopping) {
      this.#again = false
      await leases.failExhausted()
      for (let found = true; found && !this.#stopping;) {
        const claimed = await leases.claim(id)
        if (claimed !== null)
          await this.#attempts.make(claimed, (signal) => this.#bringInAndStore(claimed, signal))
        found = claimed !== null
      }
    }
  }

  async #bringInAndStore(claimed: ClaimedImport, signal: AbortSignal): Promise<boolean> {
    const { leases, home, imports, paths, logger } = this.#parts
    const { name } = claimed
    const source = locateSource(claimed.source, paths)
    const progress = new ProgressWriter((latest: ImportProgress) =>
      leases.setProgress(claimed, latest),
    )
    let notes: Promise<unknown> = Promise.resolve()
    const onNote = (sentence: string): void => {
      notes = notes
        .then(() => leases.addNote(claimed, sentence))
        .catch((error: unknown) =>
          logger.warn({ err: error, importId: claimed.id }, 'a note of an import was not written'),
        )
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
}
