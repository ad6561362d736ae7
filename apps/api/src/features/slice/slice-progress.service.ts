// Progress of a slice as a stream that begins with where it is and ends with the slice.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import type { Viewer } from '../account/viewer.js'
import type { SliceService } from './slice.service.js'
import type { Slice } from './slice.type.js'

const endedStates: readonly string[] = ['DONE', 'FAILED', 'CANCELLED']

export class SliceProgressService {
  readonly #slices: SliceService
  readonly #notifications: RunNotifications

  constructor(slices: SliceService, notifications: RunNotifications) {
    this.#slices = slices
    this.#notifications = notifications
  }

  /** Every change after `afterVersion`, in rising order; ends when its cases are chosen, or it ended without. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<Slice> {
    const wakeups = new Wakeups(this.#notifications, id)
    try {
      let seen = afterVersion ?? -1
      for (;;) {
        const now = await this.#slices.get(viewer, id)
        if (now === null) return
        if (now.version > seen) yield now
        seen = Math.max(seen, now.version)
        if (endedStates.includes(now.state)) return
        await wakeups.next(false)
      }
    } finally {
      wakeups.stop()
    }
  }
}
