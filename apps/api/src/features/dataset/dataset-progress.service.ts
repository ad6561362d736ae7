// Progress of an import of a data set as a stream that begins with where it is and ends with the import.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import type { Viewer } from '../account/viewer.js'
import type { DatasetImportService } from './dataset-import.service.js'
import type { DatasetImport } from './dataset-import.type.js'

const endedStates: readonly string[] = ['DONE', 'FAILED', 'CANCELLED']

export class DatasetProgressService {
  readonly #imports: DatasetImportService
  readonly #notifications: RunNotifications

  constructor(imports: DatasetImportService, notifications: RunNotifications) {
    this.#imports = imports
    this.#notifications = notifications
  }

  /** Every change after `afterVersion`, in rising order; ends when the import has ended or was deleted. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<DatasetImport> {
    const wakeups = new Wakeups(this.#notifications, id)
    try {
      let seen = afterVersion ?? -1
      for (;;) {
        const now = await this.#imports.get(viewer, id)
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
