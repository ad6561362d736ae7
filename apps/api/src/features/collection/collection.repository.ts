// Rows of collections: list, create, change, delete. Their items are in collection-item.repository.ts.
import { isConflict } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import type { Collection as CollectionRow, Prisma } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'

export type { CollectionRow }

export interface CollectionValues {
  readonly projectId: string
  readonly authorId: string
  readonly name: string
  readonly description: string
  readonly clientMutationId: string | null
}

export class CollectionRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    search: string | null,
  ): Promise<PageOfRows<CollectionRow>> {
    const { collection } = this.#database.prisma
    const contains = { contains: search ?? '', mode: 'insensitive' as const }
    const where: Prisma.CollectionWhereInput = {
      projectId,
      ...(search === null ? {} : { OR: [{ name: contains }, { description: contains }] }),
    }
    return readPage(
      page,
      ({ after, ...order }) => collection.findMany({ where: { ...where, ...after }, ...order }),
      () => collection.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<CollectionRow | null> {
    return this.#database.prisma.collection.findFirst({ where: { projectId, id } })
  }

  byIds(projectId: string, ids: readonly string[]): Promise<CollectionRow[]> {
    const where = { projectId, id: { in: [...ids] } }
    return this.#database.prisma.collection.findMany({ where })
  }

  /** The same `clientMutationId` again finds the first row; `isNew` says which it was. */
  async create(values: CollectionValues): Promise<{ row: CollectionRow; isNew: boolean }> {
    const { collection } = this.#database.prisma
    const { projectId, authorId, clientMutationId } = values
    try {
      return { row: await collection.create({ data: values }), isNew: true }
    } catch (error) {
      if (!isConflict(error) || clientMutationId === null) throw error
      const where = { projectId, authorId, clientMutationId }
      return { row: await collection.findFirstOrThrow({ where }), isNew: false }
    }
  }

  /** Null when the version that was seen is no longer the newest. */
  async update(
    { projectId, id, version }: Pick<CollectionRow, 'projectId' | 'id' | 'version'>,
    text: Pick<CollectionRow, 'name' | 'description'>,
  ): Promise<CollectionRow | null> {
    const [row] = await this.#database.prisma.collection.updateManyAndReturn({
      where: { projectId, id, version },
      data: { ...text, version: version + 1, updatedAt: new Date() },
    })
    return row ?? null
  }

  async remove(projectId: string, id: string): Promise<boolean> {
    const where = { projectId, id }
    return (await this.#database.prisma.collection.deleteMany({ where })).count > 0
  }

  async itemCounts(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.collectionItem.groupBy({
      by: ['collectionId'],
      where: { collectionId: { in: [...ids] } },
      _count: true,
    })
    return new Map(rows.map((row) => [row.collectionId, row._count]))
  }
}
