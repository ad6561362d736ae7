// X and Delta of a run as a file: from the disk cache, or recomputed by a worker on request.
import type { RunNotifications } from '../../database/index.js'
import type { Environment } from '../../env.js'
import { VectorCache } from './vector-cache.js'
import type { VectorFileRepository, VectorFileState } from './vector-file.repository.js'

export type VectorAnswer =
  | { readonly file: string }
  | { readonly waiting: true }
  | { readonly error: NonNullable<VectorFileState['error']> }

export class VectorFileService {
  readonly #files: VectorFileRepository
  readonly #notifications: RunNotifications
  readonly #cache: VectorCache

  constructor(
    files: VectorFileRepository,
    notifications: RunNotifications,
    { home, vectorCacheBytes }: Pick<Environment, 'home' | 'vectorCacheBytes'>,
  ) {
    this.#files = files
    this.#notifications = notifications
    this.#cache = new VectorCache(home, vectorCacheBytes)
  }

  /** Waits for the file at most so long; a question that failed is asked again the next time. */
  async get(configDigest: string, milliseconds: number): Promise<VectorAnswer> {
    const cached = this.#cache.find(configDigest)
    if (cached !== null) return { file: cached }
    await this.#files.request(configDigest)
    const deadline = Date.now() + milliseconds
    while (Date.now() < deadline) {
      await this.#notifications.next(Math.min(500, deadline - Date.now()))
      const file = this.#cache.find(configDigest)
      if (file !== null) return { file }
      const row = await this.#files.find(configDigest)
      if (row?.state === 'FAILED' && row.error !== null) return { error: row.error }
    }
    return { waiting: true }
  }
}
