// What an evaluation asks of a slice: how many cases it has, whether it is ready, and its cases piece by piece.
import type { Database } from '../../database/index.js'
import type { RunStateKey } from '../../vocabulary/names.js'

export interface SliceHead {
  readonly id: string
  readonly name: string
  readonly state: RunStateKey
  readonly cases: number
}

export class EvaluationSliceRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(projectId: string, id: string): Promise<SliceHead | null> {
    const rows = await this.#database.prisma.$queryRaw<SliceHead[]>`
      SELECT "id", "name", "state"::text AS "state", cardinality("places") AS "cases" FROM "slice"
      WHERE "id" = ${id}::uuid AND "project_id" = ${projectId}::uuid`
    return rows[0] ?? null
  }

  /** Cases of each slice. */
  async counts(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.$queryRaw<{ id: string; cases: number }[]>`
      SELECT "id", cardinality("places") AS "cases" FROM "slice" WHERE "id" = ANY(${[...ids]}::uuid[])`
    return new Map(rows.map(({ id, cases }) => [id, cases]))
  }

  /** The engine's records of cases of a slice, in its order. */
  async records(id: string, from: number, count: number): Promise<unknown[]> {
    const rows = await this.#database.prisma.$queryRaw<{ record: unknown }[]>`
      SELECT c."record" FROM "slice" s CROSS JOIN LATERAL unnest(s."places"[${from}::int + 1 : ${from}::int + ${count}::int])
        WITH ORDINALITY AS o("place", "ordinal")
      JOIN "dataset_case" c ON c."dataset_id" = s."dataset_id" AND c."place" = o."place"
      WHERE s."id" = ${id}::uuid ORDER BY o."ordinal"`
    return rows.map(({ record }) => record)
  }
}
