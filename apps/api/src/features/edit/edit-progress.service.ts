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

  async queuePosition({ id, state }: EditTask): Promise<number | null> {
    return state === QUEUED ? ((await this.#tasks.queuePositions()).get(id) ?? null) : null
  }

  async typicalSeconds(modelId: string, method: string): Promise<number | null> {
    return (await this.#tasks.typicalSeconds(modelId)).get(method) ?? null
  }

  /** What such edits usually take, less what has passed since the first attempt began. */
  async secondsLeft({ state, modelId, method, startedAt }: EditTask): Promise<number | null> {
    if (method === null || endedStates.includes(state)) return null
    const typical = await this.typicalSeconds(modelId, method)
    if (typical === null || startedAt === null) return typical
    return Math.max(0, typical - (Date.now() - startedAt.getTime()) / 1_000)
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
        const now = await this.queuePosition(task)
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
