// The server's own state.
import { readFileSync } from 'node:fs'
import { mayAct } from '../../access/authorize.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import type { ServerPaths } from '../../engine/server-paths.js'
import type { Viewer } from '../account/viewer.js'
import type { WorkerRepository } from '../../jobs/worker.repository.js'
import type { ServerStatus } from './server-status.type.js'

const packageFile = new URL('../../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

export class ServerStatusService {
  readonly #workers: WorkerRepository

  readonly #library: ModelLibrary
  readonly #paths: ServerPaths

  constructor(workers: WorkerRepository, library: ModelLibrary, paths: ServerPaths) {
    this.#workers = workers
    this.#library = library
    this.#paths = paths
  }

  async read(viewer: Viewer): Promise<ServerStatus> {
    const workers = await this.#workers.countAlive().catch(() => null)
    return {
      version,
      ready: workers !== null,
      workers: workers ?? 0,
      user: viewer.userName,
      project: viewer.projectName,
      memoryAvailable: this.#library.memoryAvailable(),
      modelDirectories: mayAct(viewer, 'compute') ? this.#paths.directories : [],
    }
  }
}
