// Rows of slices as users see them: list, create, cancel, delete. Leases are in jobs/slice-lease.repository.ts.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Slice as WholeRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import { caseConditions } from '../dataset/case-conditions.repository.js'
import type { SliceDefinition } from './slice.type.js'

/** Without its places: there may be tens of thousands. */
export type SliceRow = Omit<WholeRow, 'places'> & { readonly cases: number }

export interface SliceValues {
  readonly projectId: string
  readonly authorId: string
  readonly datasetId: string
  readonly knownByModelId: string | null
  readonly name: string
  readonly definition: SliceDefinition
  readonly clientMutationId: string | null
  /** Null: a worker has to ask the model first. */
  readonly chosen: { readonly places: readonly number[]; readonly digest: string } | null
}

type Unmeasured = Omit<WholeRow, 'places'>

export class SliceRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: PageRequest<TimePosition>,
    datasetId: string | null,
  ): Promise<PageOfRows<SliceRow>> {
    const { slice } = this.#database.prisma
    const where = { projectId, ...(datasetId === null ? {} : { datasetId }) }
    const { rows, totalCount } = await readPage(
      page,
      ({ after, ...order }) =>
        slice.findMany({ where: { ...where, ...after }, ...order, omit: { places: true } }),
      () => slice.count({ where }),
    )
    return { rows: await this.#measured(rows), totalCount }
  }

  async byIds(projectId: string, ids: readonly string[]): Promise<SliceRow[]> {
    const rows = await this.#database.prisma.slice.findMany({
      where: { projectId, id: { in: [...ids] } },
      omit: { places: true },
    })
    return this.#measured(rows)
  }

  async find(projectId: string, id: string): Promise<SliceRow | null> {
    return (await this.byIds(projectId, [id]))[0] ?? null
  }

  async sameRequest(
    projectId: string,
    authorId: string,
    clientMutationId: string,
  ): Promise<SliceRow | null> {
    const rows = await this.#database.prisma.slice.findMany({
      where: { projectId, authorId, clientMutationId },
      omit: { places: true },
    })
    return (await this.#measured(rows))[0] ?? null
  }

  /** The first places of a slice, in its order. */
  async firstPlaces(id: string, first: number): Promise<number[]> {
    const rows = await this.#database.prisma.$queryRaw<{ places: number[] }[]>`
      SELECT "places"[1 : ${first}::int] AS "places" FROM "slice" WHERE "id" = ${id}::uuid`
    return rows[0]?.places ?? []
  }

  /** Those of the relations, or ids, that the data set has not; the first of them. */
  async unknown(
    column: 'relation' | 'case_id',
    datasetId: string,
    asked: readonly string[],
  ): Promise<string[]> {
    const rows = await this.#database.prisma.$queryRaw<{ name: string }[]>`
      SELECT a."name" FROM unnest(${[...asked]}::text[]) WITH ORDINALITY AS a("name", "place")
      WHERE NOT EXISTS (SELECT 1 FROM "dataset_case" c
        WHERE c."dataset_id" = ${datasetId}::uuid AND c.${Prisma.raw(`"${column}"`)} = a."name")
      ORDER BY a."place"`
    return rows.map(({ name }) => name)
  }

  /**
   * Places of the cases that are asked for. With `count` those with the smallest sha256 of seed and id, as the engine's
   * `selectCases` chooses them.
   */
  async choose(datasetId: string, definition: SliceDefinition): Promise<number[]> {
    const conditions = caseConditions({ ...definition, datasetId })
    const { count } = definition
    const limit =
      count === null
        ? Prisma.empty
        : Prisma.sql`ORDER BY ${seededRank(definition.seed)}, c."place" LIMIT ${count}`
    const rows = await this.#database.prisma.$queryRaw<{ place: number }[]>`
      SELECT c."place" FROM "dataset_case" c WHERE ${conditions} ${limit}`
    return rows.map(({ place }) => place).sort((a, b) => a - b)
  }

  /** Inserts, and wakes a worker where one is needed. */
  create(values: SliceValues): Promise<SliceRow> {
    const { chosen, definition, ...head } = values
    const places = chosen === null ? [] : [...chosen.places]
    const insert = () =>
      this.#database.prisma.$transaction(async (transaction) => {
        const row = await transaction.slice.create({
          data: {
            ...{ ...head, places, definition: definition as object },
            ...(chosen === null
              ? { state: 'QUEUED' as const }
              : { state: 'DONE' as const, digest: chosen.digest, finishedAt: new Date() }),
          },
          omit: { places: true },
        })
        if (chosen === null)
          await transaction.$queryRaw`
            SELECT "id"::text FROM graphile_worker.add_job('slice', json_build_object('sliceId', ${row.id}::text), max_attempts := 1)`
        return { ...row, cases: places.length }
      })
    return createOnce(values.clientMutationId, insert, (key) =>
      this.sameRequest(values.projectId, values.authorId, key),
    )
  }

  /** Ends one that waits or runs; the raised epoch fences its worker out. False when it had ended already. */
  async cancel(projectId: string, id: string): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "slice" SET "state" = 'CANCELLED', "lease_epoch" = "lease_epoch" + 1, "lease_owner" = NULL, "lease_until" = NULL,
        "finished_at" = clock_timestamp(), "progress_version" = "progress_version" + 1
      WHERE "id" = ${id}::uuid AND "project_id" = ${projectId}::uuid AND "state" IN ('QUEUED', 'RUNNING')
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length > 0
  }

  /** What is made on a slice. */
  async countUses(sliceId: string): Promise<number> {
    const { evaluation, figureSet } = this.#database.prisma
    const where = { sliceId }
    const counts = await Promise.all([evaluation.count({ where }), figureSet.count({ where })])
    return counts[0] + counts[1]
  }

  async remove(projectId: string, id: string): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      DELETE FROM "slice" WHERE "id" = ${id}::uuid AND "project_id" = ${projectId}::uuid
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length > 0
  }

  async #measured(rows: readonly Unmeasured[]): Promise<SliceRow[]> {
    const ids = rows.map(({ id }) => id)
    const found = await this.#database.prisma.$queryRaw<{ id: string; cases: number }[]>`
      SELECT "id", cardinality("places") AS "cases" FROM "slice" WHERE "id" = ANY(${ids}::uuid[])`
    const cases = new Map(found.map((one) => [one.id, one.cases]))
    return rows.map((row) => ({ ...row, cases: cases.get(row.id) ?? 0 }))
  }
}

/** What the engine orders cases by: sha256 of seed, a zero byte and the id. */
export const seededRank = (seed: number): Prisma.Sql =>
  Prisma.sql`sha256(convert_to(${String(seed)}::text, 'UTF8') || '\\x00'::bytea || convert_to(c."case_id", 'UTF8'))`
