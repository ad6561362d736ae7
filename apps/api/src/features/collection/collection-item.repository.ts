// Rows of collections' items. Places are 0, 1, 2 … without gaps; whoever changes them holds the collection's row.
import type { Database } from '../../database/index.js'
import type { CollectionItem as ItemRow, Prisma } from '../../database/generated/client.js'

export type { ItemRow }

export interface ItemPosition {
  readonly place: number
  readonly id: string
}

export interface NewItem {
  readonly anchorKind: ItemRow['anchorKind']
  readonly anchorKey: string
  readonly anchor: Prisma.InputJsonObject
  readonly note: string
}

type Transaction = Prisma.TransactionClient

/** Most items of a collection: moving one writes all between its old and its new place. */
export const mostItems = 10_000

export class CollectionItemRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    collectionId: string,
    first: number,
    after: ItemPosition | null,
  ): Promise<{ rows: ItemRow[]; totalCount: number }> {
    const { collectionItem } = this.#database.prisma
    const beyond =
      after === null
        ? {}
        : { OR: [{ place: { gt: after.place } }, { place: after.place, id: { gt: after.id } }] }
    const [rows, totalCount] = await Promise.all([
      collectionItem.findMany({
        where: { collectionId, ...beyond },
        orderBy: [{ place: 'asc' }, { id: 'asc' }],
        take: first + 1,
      }),
      collectionItem.count({ where: { collectionId } }),
    ])
    return { rows, totalCount }
  }

  /** The item, if its collection is in the project. */
  find(projectId: string, id: string): Promise<ItemRow | null> {
    const where = { id, collection: { projectId } }
    return this.#database.prisma.collectionItem.findFirst({ where })
  }

  /** Adds at the end what is not in it yet. Null when the collection is gone, `full` when it would have too many. */
  add(
    projectId: string,
    collectionId: string,
    addedById: string,
    items: readonly NewItem[],
  ): Promise<number | 'full' | null> {
    return this.#locked(projectId, collectionId, async (transaction) => {
      const { collectionItem } = transaction
      const known = await collectionItem.findMany({
        where: { collectionId, anchorKey: { in: items.map(({ anchorKey }) => anchorKey) } },
        select: { anchorKey: true },
      })
      const seen = new Set(known.map(({ anchorKey }) => anchorKey))
      const fresh = items.filter(({ anchorKey }) => !seen.has(anchorKey) && seen.add(anchorKey))
      const end = await collectionItem.count({ where: { collectionId } })
      if (end + fresh.length > mostItems) return 'full' as const
      const data = fresh.map((item, index) => ({
        ...{ collectionId, addedById, place: end + index, ...item },
      }))
      return (await collectionItem.createMany({ data })).count
    })
  }

  /** Null when the item or its collection is gone. */
  update(
    projectId: string,
    { id, collectionId }: Pick<ItemRow, 'id' | 'collectionId'>,
    { note, place }: { readonly note?: string; readonly place?: number },
  ): Promise<ItemRow | null> {
    return this.#locked(projectId, collectionId, async (transaction) => {
      const { collectionItem } = transaction
      const item = await collectionItem.findUnique({ where: { id } })
      if (item === null) return null
      const last = (await collectionItem.count({ where: { collectionId } })) - 1
      const to = Math.min(place ?? item.place, last)
      await moveOthers(transaction, collectionId, item.place, to)
      return collectionItem.update({
        where: { id },
        data: { place: to, ...(note === undefined ? {} : { note }) },
      })
    })
  }

  /** Whether it was there. */
  async remove(
    projectId: string,
    { id, collectionId }: Pick<ItemRow, 'id' | 'collectionId'>,
  ): Promise<boolean> {
    const removed = await this.#locked(projectId, collectionId, async (transaction) => {
      const [item] = await transaction.$queryRaw<{ place: number }[]>`
        DELETE FROM "collection_item" WHERE "id" = ${id}::uuid RETURNING "place"`
      if (item === undefined) return false
      await moveOthers(transaction, collectionId, item.place, mostItems)
      return true
    })
    return removed ?? false
  }

  #locked<Result>(
    projectId: string,
    collectionId: string,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.$queryRaw<object[]>`
        UPDATE "collection" SET "updated_at" = now() WHERE "id" = ${collectionId}::uuid AND "project_id" = ${projectId}::uuid
        RETURNING "id"::text`
      return rows.length === 0 ? null : work(transaction)
    })
  }
}

/** Makes room at a place and closes the gap at another. */
async function moveOthers(
  transaction: Transaction,
  collectionId: string,
  from: number,
  to: number,
): Promise<void> {
  const [low, high, step] = to > from ? [from + 1, to, -1] : [to, from - 1, 1]
  if (low > high) return
  await transaction.collectionItem.updateMany({
    where: { collectionId, place: { gte: low, lte: high } },
    data: { place: { increment: step } },
  })
}
