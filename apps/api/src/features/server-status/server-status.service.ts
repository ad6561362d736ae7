// The server's own state.
import { readFileSync } from 'node:fs'
import type { Viewer } from '../account/viewer.js'
import type { WorkerRepository } from '../../jobs/worker.repository.js'
import type { ServerStatus } from './server-status.type.js'

const packageFile = new URL('../../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

export class ServerStatusService {
  readonly #workers: WorkerRepository

  constructor(workers: WorkerRepository) {
    this.#workers = workers
  }

  async read(viewer: Viewer): Promise<ServerStatus> {
    const workers = await this.#workers.countAlive().catch(() => null)
    return {
      version,
      ready: workers !== null,
      workers: workers ?? 0,
      user: viewer.userName,
      project: viewer.projectName,
    }
  }
}
