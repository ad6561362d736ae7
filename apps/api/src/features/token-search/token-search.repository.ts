// The token search: hits of a token among runs or edits of a model, newest first, read from one index of each table alone.
// Ids of runs and edits rise with time, so that "newest first" is the index backward. docs/scaling.md has the measurements.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'

export type SearchedKind = 'RUN' | 'EDIT'

export interface HitRow {
  readonly kind: SearchedKind
  /** Of the run or edit. */
  readonly id: string
  readonly layer: number
  readonly matrix: MatrixNameKey
  /** Position of a run's cell; place of an edit's factor. */
  readonly position: number
  readonly top: boolean
  readonly place: number
}

export interface HitQuery {
  readonly modelId: string
  readonly tokenId: number
  readonly layer: number | null
  /** Null: all. */
  readonly matrices: readonly MatrixNameKey[] | null
  readonly top: boolean | null
}

/** Where a page ended. */
export type HitPosition = Omit<HitRow, 'kind'>

export interface HitCount {
  readonly total: number
  /** Whether there may be more. */
  readonly capped: boolean
}

/** Hits that are counted at most, and hits of the token that are looked at for it. */
export const countLimits = { hits: 10_000, looked: 100_000 } as const

const tables = {
  RUN: {
    from: Prisma.raw('"search"."token_hit"'),
    id: Prisma.raw('h."run_id"'),
    position: Prisma.raw('h."position"'),
  },
  EDIT: {
    from: Prisma.raw('"search"."edit_token_hit"'),
    id: Prisma.raw('h."edit_id"'),
    position: Prisma.raw('h."factor_place"'),
  },
} as const

export class TokenSearchRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** So many hits after a position, newest first. */
  async page(
    kind: SearchedKind,
    query: HitQuery,
    after: HitPosition | null,
    limit: number,
  ): Promise<HitRow[]> {
    const { from, id, position } = tables[kind]
    // With their table, as ORDER BY would take a bare name for the column of the answer, whose matrix is a text.
    const order = [id, Prisma.raw('h."layer"'), Prisma.raw('h."matrix"'), position]
    const columns = [...order, Prisma.raw('h."at_top"'), Prisma.raw('h."place"')]
    const rows = await this.#database.prisma.$queryRaw<Omit<HitRow, 'kind'>[]>`
      SELECT ${id} AS "id", h."layer", h."matrix"::text AS "matrix", ${position} AS "position", h."at_top" AS "top", h."place"
      FROM ${from} h WHERE ${ofToken(query)} AND ${filters(query)} AND ${after === null ? Prisma.sql`true` : beyond(columns, after)}
      ORDER BY ${Prisma.join(
        columns.map((column) => Prisma.sql`${column} DESC`),
        ', ',
      )} LIMIT ${limit}`
    return rows.map((row) => ({ kind, ...row }))
  }

  /** How many there are: exactly up to a limit, and never by looking at more than another. */
  async count(kind: SearchedKind, query: HitQuery): Promise<HitCount> {
    const { from } = tables[kind]
    const most = countLimits.hits + 1
    const free = query.layer === null && query.matrices === null && query.top === null
    if (free) {
      const rows = await this.#database.prisma.$queryRaw<{ total: number }[]>`
        SELECT count(*)::int AS "total" FROM (SELECT 1 FROM ${from} WHERE ${ofToken(query)} LIMIT ${most}) h`
      return countOf(rows[0]?.total ?? 0, false)
    }
    const rows = await this.#database.prisma.$queryRaw<{ total: number; looked: number }[]>`
      SELECT count(*) FILTER (WHERE ${filters(query)})::int AS "total", count(*)::int AS "looked" FROM (
        SELECT "layer", "matrix", "at_top" FROM ${from} WHERE ${ofToken(query)} LIMIT ${countLimits.looked}) h`
    return countOf(rows[0]?.total ?? 0, rows[0]?.looked === countLimits.looked)
  }
}

const countOf = (found: number, more: boolean): HitCount => ({
  total: Math.min(found, countLimits.hits),
  capped: more || found > countLimits.hits,
})

const ofToken = ({ modelId, tokenId }: HitQuery): Prisma.Sql => Prisma.sql`
  "model_key" = (SELECT "search_key" FROM "model" WHERE "id" = ${modelId}::uuid) AND "token_id" = ${tokenId}::int`

function filters({ layer, matrices, top }: HitQuery): Prisma.Sql {
  const parts = [Prisma.sql`true`]
  if (layer !== null) parts.push(Prisma.sql`"layer" = ${layer}::smallint`)
  if (matrices !== null)
    parts.push(Prisma.sql`"matrix" = ANY(${[...matrices]}::"public"."MatrixName"[])`)
  if (top !== null) parts.push(Prisma.sql`"at_top" = ${top}`)
  return Prisma.join(parts, ' AND ')
}

function beyond(columns: readonly Prisma.Sql[], after: HitPosition): Prisma.Sql {
  const { id, layer, matrix, position, top, place } = after
  return Prisma.sql`(${Prisma.join([...columns], ', ')}) < (${id}::uuid, ${layer}::smallint,
    ${matrix}::"public"."MatrixName", ${position}::int, ${top}::boolean, ${place}::smallint)`
}
