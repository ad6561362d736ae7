// Rows of data sets: list, rename, delete, their relations and rejections.
import type { Database } from '../../database/index.js'
import type { Dataset as DatasetRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { RejectedCase } from './case-row.js'

export type { DatasetRow }

export interface RelationRow {
  readonly relation: string
  readonly cases: number
  readonly example: string
}

export class DatasetRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    search: string,
  ): Promise<PageOfRows<DatasetRow>> {
    const { dataset } = this.#database.prisma
    const name = { contains: search, mode: 'insensitive' } as const
    const where = { projectId, ...(search !== '' && { name }) }
    return readPage(
      page,
      ({ after, ...order }) => dataset.findMany({ where: { ...where, ...after }, ...order }),
      () => dataset.count({ where }),
    )
  }

  byIds(projectId: string, ids: readonly string[]): Promise<DatasetRow[]> {
    return this.#database.prisma.dataset.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  find(projectId: string, id: string): Promise<DatasetRow | null> {
    return this.#database.prisma.dataset.findFirst({ where: { projectId, id } })
  }

  async rejections(datasetId: string, first: number, offset: number): Promise<RejectedCase[]> {
    return this.#database.prisma.datasetRejection.findMany({
      where: { datasetId },
      orderBy: { place: 'asc' },
      skip: offset,
      take: first,
      select: { record: true, field: true, reason: true },
    })
  }

  /** The largest first. */
  relations(datasetId: string, first: number): Promise<RelationRow[]> {
    return this.#database.prisma.$queryRaw<RelationRow[]>`
      SELECT r."relation", r."cases", replace(c."prompt", '{}', c."subject") AS "example"
      FROM "dataset_relation" r CROSS JOIN LATERAL (
        SELECT "prompt", "subject" FROM "dataset_case" c
        WHERE c."dataset_id" = r."dataset_id" AND c."relation" = r."relation" ORDER BY "place" LIMIT 1
      ) c
      WHERE r."dataset_id" = ${datasetId}::uuid ORDER BY r."cases" DESC, r."relation" LIMIT ${first}`
  }

  /** Puts it behind the versions that the new name has already; null when there is none with this id. */
  async rename(projectId: string, id: string, name: string): Promise<DatasetRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`
        SELECT pg_advisory_xact_lock(hashtextextended('dataset ' || ${projectId}::text, 0))::text`
      const before = await transaction.dataset.findFirst({ where: { projectId, id } })
      if (before === null || before.name === name) return before
      const { _max } = await transaction.dataset.aggregate({
        where: { projectId, name },
        _max: { version: true },
      })
      const version = (_max.version ?? 0) + 1
      return transaction.dataset.update({ where: { id }, data: { name, version } })
    })
  }

  countSlices(datasetId: string): Promise<number> {
    return this.#database.prisma.slice.count({ where: { datasetId } })
  }

  /** False when there is none. @throws when a slice was made of it meanwhile */
  async remove(projectId: string, id: string): Promise<boolean> {
    const { count } = await this.#database.prisma.dataset.deleteMany({ where: { projectId, id } })
    return count > 0
  }
}
