// What can be done with models.
import type { ModelLibrary } from '../../engine/model-library.js'
import { notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import { toModelValues } from './model-values.js'
import type { ModelRepository, ModelRow } from './model.repository.js'
import type { Model } from './model.type.js'

export class ModelService {
  readonly #models: ModelRepository
  readonly #library: ModelLibrary
  /** Names of the store that were looked at; one that cannot be opened is not tried again. */
  readonly #seen = new Set<string>()

  constructor(models: ModelRepository, library: ModelLibrary) {
    this.#models = models
    this.#library = library
  }

  async list(viewer: Viewer, page: PageRequest<TimePosition>): Promise<Connection<Model>> {
    await this.#registerAdded(viewer)
    const { rows, totalCount } = await this.#models.page(viewer.projectId, page)
    return connectionOf(rows, {
      ...page,
      totalCount,
      cursorOf: encodeTimeCursor,
      nodeOf: (row) => this.#toModel(row),
    })
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Model[]> {
    const rows = await this.#models.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map((row) => this.#toModel(row))
  }

  async exists(viewer: Viewer, id: string): Promise<boolean> {
    return (await this.find(viewer, id)) !== null
  }

  async find(viewer: Viewer, id: string): Promise<ModelRow | null> {
    return isUuid(id) ? this.#models.find(viewer.projectId, id) : null
  }

  /** Whether a model of this name can be opened. */
  async hasAvailable(viewer: Viewer, name: string): Promise<boolean> {
    const row = await this.#models.findByName(viewer.projectId, name)
    if (row !== null) return this.#library.unavailableReason(row.directory) === null
    return this.#library.available().some((model) => model.name === name)
  }

  /** The row of a model that a run needs. @throws MODEL_NOT_FOUND */
  async require(viewer: Viewer, id: string, field = 'modelId'): Promise<ModelRow> {
    const row = await this.find(viewer, id)
    if (row === null) throw notFound('model', field)
    return row
  }

  /** Opens a model of the store and writes its row. */
  async register(viewer: Viewer, source: string, bundled: boolean): Promise<Model> {
    const { description, directory } = this.#library.import(source)
    const values = toModelValues(description, { source, directory, bundled })
    const row = await this.#models.upsert(viewer.projectId, values)
    return this.#toModel(row)
  }

  /** Models that came into the store while the API runs (`lens models add`) get their row when the list is read. */
  async #registerAdded(viewer: Viewer): Promise<void> {
    const added = this.#library
      .available()
      .filter(({ name, bundled }) => !bundled && !this.#seen.has(`${viewer.projectId}/${name}`))
    for (const { name } of added) {
      this.#seen.add(`${viewer.projectId}/${name}`)
      if (this.#library.canOpen(name)) await this.register(viewer, name, false)
    }
  }

  #toModel(row: ModelRow): Model {
    const unavailableReason = this.#library.unavailableReason(row.directory)
    return {
      ...row,
      parameters: Number(row.parameters),
      bytes: Number(row.bytes),
      available: unavailableReason === null,
      unavailableReason,
    }
  }
}
