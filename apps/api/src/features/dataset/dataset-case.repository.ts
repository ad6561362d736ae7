// Cases of a data set, by filter and page.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { EvaluationCase } from '../../engine/dataset-library.js'
import { caseConditions } from './case-conditions.repository.js'
import type { CaseConditions } from './case-conditions.repository.js'

export interface StoredCase {
  readonly place: number
  readonly record: EvaluationCase
  /** A byte of KnownAnswers; null where none was asked for. */
  readonly known: number | null
}

export interface CaseQuery extends CaseConditions {
  readonly knownByModelId: string | null
  readonly onlyKnown: boolean
  readonly sliceId: string | null
  readonly offset: number
  readonly limit: number
}

export class DatasetCaseRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(query: CaseQuery): Promise<{ readonly rows: StoredCase[]; readonly total: number }> {
    const { prisma } = this.#database
    const from = fromCases(query)
    const { offset, limit, datasetId } = query
    const part = isWhole(query)
      ? Prisma.sql`AND c."place" >= ${offset} AND c."place" < ${offset + limit} ORDER BY c."place"`
      : Prisma.sql`ORDER BY c."place" OFFSET ${offset} LIMIT ${limit}`
    const count = isWhole(query)
      ? Prisma.sql`SELECT "cases" AS "total" FROM "dataset" WHERE "id" = ${datasetId}::uuid`
      : Prisma.sql`SELECT count(*)::int AS "total" ${from}`
    const [rows, counted] = await Promise.all([
      prisma.$queryRaw<StoredCase[]>`
        SELECT c."place", c."record", ${knownOf(query)} AS "known" ${from} ${part}`,
      prisma.$queryRaw<{ total: number }[]>`${count}`,
    ])
    return { rows, total: counted[0]?.total ?? 0 }
  }

  /** Cases from a place on, in the data set's order. */
  async after(datasetId: string, place: number, limit: number): Promise<StoredCase[]> {
    const rows = await this.#database.prisma.datasetCase.findMany({
      where: { datasetId, place: { gte: place } },
      orderBy: { place: 'asc' },
      take: limit,
      select: { place: true, record: true },
    })
    return rows.map(toStored)
  }

  /** Cases at these places, in the data set's order. */
  async at(datasetId: string, places: readonly number[]): Promise<StoredCase[]> {
    const rows = await this.#database.prisma.datasetCase.findMany({
      where: { datasetId, place: { in: [...places] } },
      orderBy: { place: 'asc' },
      select: { place: true, record: true },
    })
    return rows.map(toStored)
  }
}

const toStored = ({ place, record }: { place: number; record: unknown }): StoredCase => ({
  place,
  record: record as EvaluationCase,
  known: null,
})

/** Nothing is left out: then the place says which page a case is on, and nobody has to count. */
const isWhole = ({ relations, caseIds, search, onlyKnown, sliceId }: CaseQuery): boolean =>
  !relations?.length && !caseIds?.length && !search?.trim() && !onlyKnown && sliceId === null

function fromCases(query: CaseQuery): Prisma.Sql {
  const { datasetId, knownByModelId, onlyKnown, sliceId } = query
  const parts = [Prisma.sql`FROM "dataset_case" c`]
  if (knownByModelId !== null)
    parts.push(
      Prisma.sql`LEFT JOIN "known_answers" k ON k."dataset_id" = c."dataset_id" AND k."model_id" = ${knownByModelId}::uuid`,
    )
  parts.push(Prisma.sql`WHERE ${caseConditions(query)}`)
  if (sliceId !== null)
    parts.push(Prisma.sql`AND c."place" IN (
      SELECT unnest(s."places") FROM "slice" s WHERE s."id" = ${sliceId}::uuid AND s."dataset_id" = ${datasetId}::uuid)`)
  if (onlyKnown) parts.push(Prisma.sql`AND ${knownOf(query)} = 2`)
  return Prisma.join(parts, ' ')
}

/** Answers may have been asked when fewer bytes were there; a case behind the end was not asked. */
function knownOf({ knownByModelId }: CaseQuery): Prisma.Sql {
  if (knownByModelId === null) return Prisma.sql`NULL::int`
  return Prisma.sql`CASE WHEN c."place" < length(k."answers") THEN get_byte(k."answers", c."place") END`
}
