// Recomputes X and Delta of a run into the disk cache when somebody asks for them.
import type { EngineHost } from '../engine/engine-host.js'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import { writeVectors } from '../engine/write-vectors.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import { toLensRequest } from '../features/lens-run/run-request.js'
import type { VectorCache } from '../features/vector-file/vector-cache.js'
import type {
  ClaimedVectorFile,
  VectorFileRepository,
} from '../features/vector-file/vector-file.repository.js'
import type { Logger } from '../logger.js'
import { providerChoices } from '../vocabulary/names.js'
import { failureOf } from './attempt-failure.js'
import { loadEdits } from './edit-engine-task.js'
import { isFaultOfWorker } from './engine-health.js'
import { mostAttempts } from './run-lease.repository.js'

/** Only the factors are wanted: everything else of a reading is left out. */
const vectorsOnly = {
  topK: 1,
  hiddenStates: false,
  imprint: false,
  gradientRank: false,
  gradientCheck: false,
  vectors: true,
} as const

export class VectorJobs {
  readonly #files: VectorFileRepository
  readonly #cache: VectorCache
  readonly #contents: EditContentRepository
  readonly #engine: EngineHost
  readonly #logger: Logger

  constructor(parts: {
    files: VectorFileRepository
    cache: VectorCache
    contents: EditContentRepository
    engine: EngineHost
    logger: Logger
  }) {
    this.#files = parts.files
    this.#cache = parts.cache
    this.#contents = parts.contents
    this.#engine = parts.engine
    this.#logger = parts.logger
  }

  /** Computes the next file that was asked for; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    const claimed = await this.#files.claim(owner, mostAttempts)
    if (claimed === null) return false
    try {
      await this.#files.setReady(claimed, await this.#compute(claimed))
    } catch (error) {
      if (isFaultOfWorker(failureOf(error))) {
        await this.#files.giveBack(claimed)
        return true
      }
      this.#logger.warn({ err: error, configDigest: claimed.configDigest }, 'vectors failed')
      const known = error instanceof LensEngineError
      const code = known ? error.code : 'UNEXPECTED'
      const message = known ? error.message : 'Something unexpected ended the computation.'
      await this.#files.setFailed(claimed, {
        code,
        message,
        cure: known ? error.cure : 'Ask for the file again.',
      })
    }
    return true
  }

  async #compute(claimed: ClaimedVectorFile): Promise<number> {
    const result = await this.#engine.run({
      directory: claimed.directory,
      request: { ...toLensRequest(claimed), ...vectorsOnly },
      edits: await loadEdits(this.#contents, claimed.editIds),
      provider: providerChoices.toEngine(claimed.provider),
      onStage: () => undefined,
      signal: AbortSignal.timeout(100_000),
    })
    const bytes = writeVectors(this.#cache.pathOf(claimed.configDigest), result)
    this.#cache.trim()
    return bytes
  }
}
