// Computes maps of interference: claims the next, has the engine measure its edits, stores the map under the lease's epoch.
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import type { EditInterference } from '../engine/engine-vocabulary.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import type { StoredInterference } from '../features/interference/interference-values.js'
import type { Logger } from '../logger.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import { loadEdits } from './edit-engine-task.js'
import type {
  ClaimedInterference,
  InterferenceLeaseRepository,
  InterferenceStep,
} from './interference-lease.repository.js'
import type { LeaseTimes } from './lease-keeper.js'
import { ProgressWriter } from './progress-writer.js'

export interface InterferenceJobsParts {
  readonly leases: InterferenceLeaseRepository
  readonly contents: EditContentRepository
  readonly engine: EngineHost
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

/** Milliseconds between writes of progress. */
const rest = 300

const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'UNEXPECTED',
])

export class InterferenceJobs {
  readonly #parts: InterferenceJobsParts
  readonly #attempts: Attempts<ClaimedInterference>

  constructor(parts: InterferenceJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'interference',
      logErrors: true,
    })
  }

  /** Computes the next map; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    const claimed = await this.#parts.leases.claim(owner)
    if (claimed === null) return false
    await this.#attempts.make(claimed, (signal) => this.#compute(claimed, signal))
    return true
  }

  /** Gives the present map back. */
  stop(): void {
    this.#attempts.stop()
  }

  async #compute(claimed: ClaimedInterference, signal: AbortSignal): Promise<boolean> {
    const { leases, contents, engine } = this.#parts
    const edits = await loadEdits(contents, claimed.editIds)
    const writer = new ProgressWriter(
      (latest: InterferenceStep) => leases.setProgress(claimed, latest),
      rest,
    )
    const answer = await engine
      .edit({
        task: { kind: 'map-interference', model: claimed.directory, edits },
        signal,
        onProgress: ({ stage, done, total }) => {
          if (stage !== 'queued') writer.offer({ stage, done, total }, stage)
        },
      })
      .finally(() => writer.end())
    return leases.finish(claimed, toStored(claimed.editIds, answer))
  }
}

/** Places of the task's list -> ids. */
function toStored(
  editIds: readonly string[],
  { keyOverlap, pairs }: EditInterference,
): StoredInterference {
  const idOf = (place: number): string => editIds[place] as string
  return {
    keyOverlap: keyOverlap.map((row) => [...row]),
    pairs: pairs.map(({ first, second, ...rest }) => ({
      ...{ first: idOf(first), second: idOf(second), ...rest },
    })),
  }
}
