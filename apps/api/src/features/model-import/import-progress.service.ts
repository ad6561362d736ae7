// Progress of an import as a stream that begins with where it is and ends with the import.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { importStates } from '../../vocabulary/names.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelImportService } from './model-import.service.js'
import type { ModelImport } from './model-import.type.js'

const { DONE, FAILED, CANCELLED } = importStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

export class ImportProgressService {
  readonly #imports: ModelImportService
  readonly #notifications: RunNotifications

  constructor(imports: ModelImportService, notifications: RunNotifications) {
    this.#imports = imports
    this.#notifications = notifications
  }

  /** Every change after `afterVersion`, in rising order; ends when the import has ended or was deleted. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<ModelImport> {
    const wakeups = new Wakeups(this.#notifications, id)
    try {
      let seen = afterVersion ?? -1
      for (;;) {
        const now = await this.#imports.get(viewer, id)
        if (now === null) return
        if (now.progressVersion > seen) yield now
        seen = Math.max(seen, now.progressVersion)
        if (endedStates.includes(now.state)) return
        await wakeups.next(false)
      }
    } finally {
      wakeups.stop()
    }
  }
}
