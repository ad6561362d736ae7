// Rows of models.
import type { Database } from '../../database/index.js'
import type { Model as ModelRow, Prisma } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'

export type { ModelRow }
export type ModelValues = Omit<Prisma.ModelUncheckedCreateInput, 'id' | 'projectId' | 'createdAt'>

export class ModelRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(projectId: string, page: PageRequest<TimePosition>): Promise<PageOfRows<ModelRow>> {
    const { model } = this.#database.prisma
    return readPage(
      page,
      ({ after, ...order }) => model.findMany({ where: { projectId, ...after }, ...order }),
      () => model.count({ where: { projectId } }),
    )
  }

  byIds(projectId: string, ids: readonly string[]): Promise<ModelRow[]> {
    return this.#database.prisma.model.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  find(projectId: string, id: string): Promise<ModelRow | null> {
    return this.#database.prisma.model.findFirst({ where: { projectId, id } })
  }

  findByName(projectId: string, name: string): Promise<ModelRow | null> {
    return this.#database.prisma.model.findFirst({ where: { projectId, name } })
  }

  /** One row a name: opening the same model again brings its row up to date. */
  upsert(projectId: string, values: ModelValues): Promise<ModelRow> {
    return this.#database.prisma.model.upsert({
      where: { projectId_name: { projectId, name: values.name } },
      update: values,
      create: { ...values, projectId },
    })
  }
}
