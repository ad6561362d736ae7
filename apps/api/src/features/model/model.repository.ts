// Rows of models.
import type { Database } from '../../database/index.js'
import type { Model as ModelRow, Prisma } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { afterPosition, newestFirst } from '../../pagination/time-order.js'

export type { ModelRow }
export type ModelValues = Omit<Prisma.ModelUncheckedCreateInput, 'id' | 'projectId' | 'createdAt'>

export class ModelRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: PageRequest<TimePosition>,
  ): Promise<{ rows: ModelRow[]; totalCount: number }> {
    const { model } = this.#database.prisma
    const [rows, totalCount] = await Promise.all([
      model.findMany({
        where: { projectId, ...afterPosition(page) },
        orderBy: newestFirst,
        take: page.first + 1,
      }),
      model.count({ where: { projectId } }),
    ])
    return { rows, totalCount }
  }

  byIds(projectId: string, ids: readonly string[]): Promise<ModelRow[]> {
    return this.#database.prisma.model.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  find(projectId: string, id: string): Promise<ModelRow | null> {
    return this.#database.prisma.model.findFirst({ where: { projectId, id } })
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
