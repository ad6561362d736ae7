// Pages and counts of annotations. Plain SQL: each order is one walk along its index, from the position of the cursor.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { AnnotationOrderKey, AnnotationStateKey } from '../../vocabulary/note-names.js'
import type { AnnotationPage } from './annotation-order.js'
import type { AnnotationRow } from './annotation.repository.js'

export interface AnnotationConditions {
  readonly search: string | null
  readonly anchorKind: string | null
  readonly modelId: string | null
  readonly layer: number | null
  readonly tag: string | null
  readonly state: AnnotationStateKey | null
  readonly authorId: string | null
  readonly anchorKey: string | null
}

/** Annotations of one thing that are shown with it. */
const mostOfOneAnchor = 20

const columns = Prisma.raw(`a."id", a."project_id" AS "projectId", a."author_id" AS "authorId",
  a."anchor_kind"::text AS "anchorKind", a."anchor_key" AS "anchorKey", a."anchor", a."model_id" AS "modelId", a."layer",
  a."neuron", a."state"::text AS "state", a."label", a."description", a."tags", a."confidence", a."evidence", a."version",
  a."client_mutation_id" AS "clientMutationId", a."created_at" AS "createdAt", a."updated_at" AS "updatedAt"`)

interface Order {
  readonly column: Prisma.Sql
  readonly type: Prisma.Sql
  readonly ascends: boolean
}

const orders: Readonly<Record<AnnotationOrderKey, Order>> = {
  NEWEST: orderBy('created_at', 'timestamptz', false),
  UPDATED: orderBy('updated_at', 'timestamptz', false),
  CONFIDENCE: orderBy('confidence', 'double precision', false),
  LABEL: orderBy('label', 'text', true),
}

function orderBy(column: string, type: string, ascends: boolean): Order {
  return { column: Prisma.raw(`a."${column}"`), type: Prisma.raw(type), ascends }
}

export class AnnotationListRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: AnnotationPage,
    conditions: AnnotationConditions,
  ): Promise<{ rows: AnnotationRow[]; totalCount: number }> {
    const { prisma } = this.#database
    const { column, ascends } = orders[page.order]
    const where = whereOf(projectId, conditions)
    const direction = Prisma.raw(ascends ? 'ASC' : 'DESC')
    const [rows, counted] = await Promise.all([
      prisma.$queryRaw<AnnotationRow[]>`
        SELECT ${columns} FROM "annotation" a WHERE ${where} AND ${beyond(page)}
        ORDER BY ${column} ${direction}, a."id" ${direction} LIMIT ${page.first + 1}`,
      prisma.$queryRaw<{ total: number }[]>`
        SELECT count(*)::int AS "total" FROM "annotation" a WHERE ${where}`,
    ])
    return { rows, totalCount: counted[0]?.total ?? 0 }
  }

  /** The annotations of each of these things, the surest first, without withdrawn ones; at most 20 of each. */
  async ofAnchors(projectId: string, keys: readonly string[]): Promise<AnnotationRow[]> {
    return this.#database.prisma.$queryRaw<AnnotationRow[]>`
      SELECT ${columns} FROM unnest(${[...keys]}::text[]) AS k(key) CROSS JOIN LATERAL (
        SELECT * FROM "annotation" x WHERE x."project_id" = ${projectId}::uuid AND x."anchor_key" = k.key AND x."state" <> 'WITHDRAWN'
        ORDER BY x."state" = 'ACCEPTED' DESC, x."confidence" DESC, x."id" DESC LIMIT ${mostOfOneAnchor}) a`
  }

  /** The newest of one author about each of these things. */
  async ofAuthor(
    projectId: string,
    authorId: string,
    keys: readonly string[],
  ): Promise<AnnotationRow[]> {
    return this.#database.prisma.annotation.findMany({
      where: { projectId, authorId, anchorKey: { in: [...keys] }, state: { not: 'WITHDRAWN' } },
      orderBy: [{ anchorKey: 'asc' }, { createdAt: 'desc' }, { id: 'desc' }],
      distinct: ['anchorKey'],
    })
  }

  /** Comments about each of these annotations that are still there. */
  async commentCounts(projectId: string, ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.comment.groupBy({
      by: ['anchorKey'],
      where: { projectId, anchorKey: { in: ids.map((id) => `annotation:${id}`) }, deletedAt: null },
      _count: true,
    })
    return new Map(rows.map((row) => [row.anchorKey.slice('annotation:'.length), row._count]))
  }
}

function whereOf(projectId: string, conditions: AnnotationConditions): Prisma.Sql {
  const { search, anchorKind, modelId, layer, tag, state, authorId, anchorKey } = conditions
  const parts = [Prisma.sql`a."project_id" = ${projectId}::uuid`]
  if (state === null) parts.push(Prisma.sql`a."state" <> 'WITHDRAWN'`)
  else parts.push(Prisma.sql`a."state" = ${state}::"AnnotationState"`)
  if (anchorKind !== null) parts.push(Prisma.sql`a."anchor_kind" = ${anchorKind}::"AnchorKind"`)
  if (anchorKey !== null) parts.push(Prisma.sql`a."anchor_key" = ${anchorKey}`)
  if (modelId !== null) parts.push(Prisma.sql`a."model_id" = ${modelId}::uuid`)
  if (layer !== null) parts.push(Prisma.sql`a."layer" = ${layer}`)
  if (authorId !== null) parts.push(Prisma.sql`a."author_id" = ${authorId}::uuid`)
  if (tag !== null) parts.push(Prisma.sql`a."tags" @> ARRAY[${tag}]::text[]`)
  if (search !== null)
    parts.push(Prisma.sql`(a."label" || ' ' || a."description") ILIKE ${likeOf(search)}`)
  return Prisma.join(parts, ' AND ')
}

const likeOf = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`

function beyond({ order, after }: AnnotationPage): Prisma.Sql {
  if (after === null) return Prisma.sql`true`
  const { column, type, ascends } = orders[order]
  const sign = Prisma.raw(ascends ? '>' : '<')
  const value =
    typeof after.value === 'number' ? Prisma.sql`${after.value}::double precision` : null
  return Prisma.sql`(${column}, a."id") ${sign} (${value ?? Prisma.sql`${after.value}::text::${type}`}, ${after.id}::uuid)`
}
