// Models kept loaded between runs, the least recently used given up first.
import { LensEngineError } from '../errors.js'
import { openModel } from '../models/model-store.js'
import { deviceCacheFile } from '../runtime/device-cache.js'
import { loadModel, type LoadedModel, type LoadOptions } from '../runtime/load-model.js'

export class LoadedModels {
  readonly #models = new Map<string, LoadedModel>()

  /** @param limit models kept at once */
  constructor(
    private readonly home: string,
    private readonly limit: number,
  ) {}

  /**
   * The loaded model, loading it if need be; models nobody uses make room when memory is short.
   * @throws as `openModel` and `loadModel`
   */
  async get(nameOrDirectory: string, options: LoadOptions): Promise<LoadedModel> {
    const files = openModel(nameOrDirectory, { home: this.home })
    const key = JSON.stringify([
      files.directory,
      options.provider ?? 'auto',
      options.threads ?? 0,
      options.streaming ?? 'auto',
      options.sessions ?? 0,
    ])
    const known = this.#models.get(key)
    this.#models.delete(key)
    const deviceCache = deviceCacheFile(this.home)
    const model = known ?? (await this.#load(files, { deviceCache, ...options }))
    this.#models.set(key, model)
    await this.#keep(this.limit)
    return model
  }

  async #load(files: Parameters<typeof loadModel>[0], options: LoadOptions): Promise<LoadedModel> {
    try {
      return loadModel(files, options)
    } catch (error) {
      const short = error instanceof LensEngineError && error.code === 'MODEL_TOO_LARGE'
      if (!short || this.#models.size === 0) throw error
      await this.#keep(0)
      return loadModel(files, options)
    }
  }

  async #keep(count: number): Promise<void> {
    for (const [key, model] of this.#models) {
      if (this.#models.size <= count) return
      this.#models.delete(key)
      await model.dispose()
    }
  }
}
