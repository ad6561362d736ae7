// Progress of a computation about edits as a stream that begins with where it is and ends with its answer; and estimates.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { runStates } from '../../vocabulary/names.js'
import type { Viewer } from '../account/viewer.js'
import type { EditTaskRepository } from './edit-task.repository.js'
import type { EditTaskService } from './edit-task.service.js'
import type { EditTask } from './edit-task.type.js'

const { DONE, FAILED, CANCELLED, QUEUED } = runStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

/** What such edits usually take, less what has passed since the first attempt began; null once it takes longer than usual. */
export function secondsLeftOf(
  { state, startedAt }: Pick<EditTask, 'state' | 'startedAt'>,
  typical: number | null,
): number | null {
  if (endedStates.includes(state)) return null
  if (typical === null || startedAt === null) return typical
  const left = typical - (Date.now() - startedAt.getTime()) / 1_000
  return left > 0 ? left : null
}

export class EditProgressService {
  readonly #tasks: EditTaskRepository
  readonly #service: EditTaskService
  readonly #notifications: RunNotifications

  constructor(
    tasks: EditTaskRepository,
    service: EditTaskService,
    notifications: RunNotifications,
  ) {
    this.#tasks = tasks
    this.#service = service
    this.#notifications = notifications
  }

  /** Places of waiting computations, 1 = next. */
  queuePositions(): Promise<Map<string, number>> {
    return this.#tasks.queuePositions()
  }

  /** Of each method, what an edit by it usually takes on a model. */
  typicalSeconds(modelId: string): Promise<Map<string, number>> {
    return this.#tasks.typicalSeconds(modelId)
  }

  /** Every change after `afterVersion`, in rising order; ends when the computation has ended or was deleted. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<EditTask> {
    const wakeups = new Wakeups(this.#notifications, id)
    try {
      let seen = afterVersion ?? -1
      let place: number | null = null
      for (;;) {
        const task = await this.#service.get(viewer, id)
        if (task === null) return
        const now = task.state === QUEUED ? ((await this.queuePositions()).get(id) ?? null) : null
        const moved = now !== null && place !== null && now !== place
        if (task.version > seen || (task.version === seen && moved)) yield task
        seen = Math.max(seen, task.version)
        place = now
        if (endedStates.includes(task.state)) return
        await wakeups.next(task.state === QUEUED)
      }
    } finally {
      wakeups.stop()
    }
  }
}
