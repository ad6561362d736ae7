// Progress of a run: one snapshot, or a stream that begins with one and ends with the run.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import type { LensRunRepository } from './lens-run.repository.js'
import { toLensRun } from './lens-run.service.js'
import type { LensRun, LensRunProgress } from './lens-run.type.js'

const endedStates: readonly string[] = ['DONE', 'FAILED', 'CANCELLED']

/** Seconds from now: what such runs usually take, for every run before it and itself, less what has passed. */
export function estimateRun(
  { state, startedAt }: Pick<LensRun, 'state' | 'startedAt'>,
  typical: number | null,
  place: number | null,
): number | null {
  if (typical === null || endedStates.includes(state)) return null
  if (state === 'QUEUED') return typical * (place ?? 1)
  return Math.max(
    0,
    typical - (startedAt === null ? 0 : (Date.now() - startedAt.getTime()) / 1_000),
  )
}

export class ProgressService {
  readonly #runs: LensRunRepository
  readonly #notifications: RunNotifications

  constructor(runs: LensRunRepository, notifications: RunNotifications) {
    this.#runs = runs
    this.#notifications = notifications
  }

  async queuePosition(run: Pick<LensRun, 'id' | 'state'>): Promise<number | null> {
    return run.state === 'QUEUED' ? ((await this.#runs.queuePositions()).get(run.id) ?? null) : null
  }

  async snapshot(viewer: Viewer, runId: string): Promise<LensRunProgress | null> {
    const row = isUuid(runId) ? await this.#runs.find(viewer.projectId, runId) : null
    if (row === null) return null
    const run = toLensRun(row)
    const end = run.finishedAt ?? new Date()
    const place = await this.queuePosition(run)
    const typical = (await this.#runs.typicalSeconds([run.modelId])).get(run.modelId)
    return {
      runId,
      version: run.progressVersion,
      state: run.state,
      stage: run.stage,
      queuePosition: place,
      block: run.block,
      attempt: run.attempt,
      error: run.error,
      estimateSeconds: estimateRun(run, typical ?? null, place),
      elapsedSeconds: Math.max(0, (end.getTime() - run.createdAt.getTime()) / 1_000),
    }
  }

  /** Every change after `afterVersion`, in rising order; ends when the run has ended or was deleted. */
  async *follow(
    viewer: Viewer,
    runId: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<LensRunProgress> {
    const wakeups = new Wakeups(this.#notifications, runId)
    try {
      let seen = afterVersion ?? -1
      let place: number | null = null
      for (;;) {
        const progress = await this.snapshot(viewer, runId)
        if (progress === null) return
        const moved =
          progress.queuePosition !== null && place !== null && progress.queuePosition !== place
        if (progress.version > seen || (progress.version === seen && moved)) yield progress
        seen = Math.max(seen, progress.version)
        place = progress.queuePosition
        if (endedStates.includes(progress.state)) return
        await wakeups.next(progress.state === 'QUEUED')
      }
    } finally {
      wakeups.stop()
    }
  }
}
