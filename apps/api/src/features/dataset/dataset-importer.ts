// Imports data sets in the background of the API process, two at a time; however one ends is written to its row.
import { UserFailure } from '../../errors/user-failure.js'
import { failureOf } from '../../jobs/attempt-failure.js'
import type { Logger } from '../../logger.js'
import { storableText } from '../text-rules.js'
import { ImportAttempt } from './import-attempt.js'
import type { ImportAttemptParts } from './import-attempt.js'

export type DatasetImporterParts = Omit<ImportAttemptParts, 'row' | 'signal' | 'onLost'>

/** Imports at once; each holds a connection for its transaction. */
const together = 2
const watchInterval = 5_000

interface Running {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

export class DatasetImporter {
  readonly #parts: DatasetImporterParts
  readonly #waiting: string[] = []
  readonly #running = new Map<string, Running>()
  #logger: Logger | null = null
  #timer: NodeJS.Timeout | null = null
  #stopping = false

  constructor(parts: DatasetImporterParts) {
    this.#parts = parts
  }

  /** Ends what a dead process left unfinished, now and from time to time, and says that its own imports are alive. */
  async start(logger: Logger): Promise<void> {
    this.#logger = logger
    this.#timer = setInterval(() => void this.#watch(), watchInterval)
    this.#timer.unref()
    await this.#watch()
  }

  /** Takes an import that was written to its table. */
  add(id: string): void {
    this.#waiting.push(id)
    this.#next()
  }

  /** Ends one that this process does; its row says already how it ended. */
  abort(id: string): void {
    this.#running.get(id)?.abort.abort(new Error('cancelled'))
  }

  /** Ends everything; what was unfinished says so. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer !== null) clearInterval(this.#timer)
    const ids = [...this.#waiting.splice(0), ...this.#running.keys()]
    const all = [...this.#running.values()]
    for (const { abort } of all) abort.abort(stopped)
    await Promise.all(all.map(({ ended }) => ended))
    const { code, message, cure } = stopped
    for (const id of ids)
      await this.#parts.imports.fail(id, { code, message, cure }).catch(() => false)
  }

  async #watch(): Promise<void> {
    const own = [...this.#running.keys(), ...this.#waiting]
    try {
      await this.#parts.imports.prolong(own)
      await this.#parts.imports.failAbandoned(own)
      await this.#parts.uploads.removeOld()
    } catch (error) {
      this.#logger?.warn({ err: error }, 'imports of data sets were not looked after')
    }
  }

  #next(): void {
    if (this.#stopping || this.#running.size >= together) return
    const id = this.#waiting.shift()
    if (id === undefined) return
    const abort = new AbortController()
    const ended = this.#import(id, abort.signal).finally(() => {
      this.#running.delete(id)
      this.#next()
    })
    this.#running.set(id, { abort, ended })
  }

  async #import(id: string, signal: AbortSignal): Promise<void> {
    try {
      const row = await this.#parts.imports.begin(id)
      const onLost = (): void => this.abort(id)
      if (row !== null) await new ImportAttempt({ ...this.#parts, row, signal, onLost }).make()
    } catch (error) {
      await this.#fail(id, error, signal).catch((unwritten: unknown) =>
        this.#logger?.warn(
          { err: unwritten, importId: id },
          'the end of an import was not written',
        ),
      )
    }
  }

  async #fail(id: string, error: unknown, signal: AbortSignal): Promise<void> {
    const { code, message, cure } = failureOf(signal.aborted ? signal.reason : error)
    const said = code === 'UNEXPECTED' ? unexpected : storableText(message)
    const failed = await this.#parts.imports.fail(id, { code, message: said, cure })
    if (failed) this.#logger?.warn({ err: error, importId: id }, 'a data set was not imported')
  }
}

const unexpected = 'Something unexpected ended the import; the server’s log has the details.'

const stopped = new UserFailure('IMPORT_INTERRUPTED', 'The server was stopped during the import.', {
  cure: 'Import it again.',
})
