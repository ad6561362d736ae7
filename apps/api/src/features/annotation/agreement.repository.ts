// What several people said about the same things, one row for each person and thing.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Rating } from './agreement.js'

/** More are not compared: the answer would take seconds. The newest are. */
export const mostRatings = 100_000

export class AgreementRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest rating of each person about each thing, in lower case, of things in the collection if one is given. */
  async ratings(projectId: string, collectionId: string | null): Promise<Rating[]> {
    const inCollection =
      collectionId === null
        ? Prisma.sql`true`
        : Prisma.sql`"anchor_key" IN (SELECT i."anchor_key" FROM "collection_item" i WHERE i."collection_id" = ${collectionId}::uuid)`
    const rows = await this.#database.prisma.$queryRaw<Rating[]>`
      SELECT "anchor_key" AS "item", "author_id"::text AS "annotator", lower("label") AS "label", "tags" FROM (
        SELECT "anchor_key", "author_id", "label", "tags", "created_at", "id" FROM "annotation"
        WHERE "project_id" = ${projectId}::uuid AND "state" <> 'WITHDRAWN' AND ${inCollection}
        ORDER BY "created_at" DESC, "id" DESC LIMIT ${mostRatings}) a`
    // Newest first, and the last one of a person about a thing counts.
    return rows.reverse()
  }

  async collectionExists(projectId: string, id: string): Promise<boolean> {
    return (await this.#database.prisma.collection.count({ where: { projectId, id } })) > 0
  }
}
