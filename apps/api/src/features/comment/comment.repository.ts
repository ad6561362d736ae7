// Rows of comments as they are read: threads, markers, and what watchers compare.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Comment as CommentRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { Viewer } from '../account/viewer.js'
import type { StoredAnchor } from '../anchor/anchor.js'

export type { CommentRow }

/** Which comments: those of an anchor, and of its parts when they are given. */
export interface CommentScope {
  readonly projectId: string
  readonly key: string
  /** Keys under which the parts are found; null: only the thing itself. */
  readonly parts: readonly string[] | null
}

export interface ReactionRow {
  readonly commentId: string
  readonly userId: string
  readonly emoji: string
  readonly name: string
}

export interface MarkerRow {
  readonly anchor: StoredAnchor
  readonly threads: number
  readonly unresolved: number
}

/** Some of the answers of a thread, the oldest first. */
export interface RepliesAsked {
  readonly parentId: string
  readonly first: number
  /** The answer to continue after; null: from the first one. */
  readonly after: string | null
}

interface ReplyFound {
  readonly place: number
  readonly known: boolean
  readonly id: string | null
}

/** What changes whenever a watcher should hear of a comment. */
export interface CommentMark {
  readonly id: string
  readonly revision: number
}

/** Of one page; the oldest of a longer discussion are left out. */
export const mostComments = 1_000

export class CommentRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(scope: CommentScope): Promise<CommentRow[]> {
    const rows = await this.#database.prisma.comment.findMany({
      where: whereOf(scope),
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: mostComments,
    })
    return rows.reverse()
  }

  /** First comments, newest first. */
  threads(scope: CommentScope, page: PageRequest<TimePosition>): Promise<PageOfRows<CommentRow>> {
    const { comment } = this.#database.prisma
    const first = [whereOf(scope), { parentId: null }]
    return readPage(
      page,
      ({ after, orderBy, take }) =>
        comment.findMany({ where: { AND: [...first, after] }, orderBy, take }),
      () => comment.count({ where: { AND: first } }),
    )
  }

  marks(scope: CommentScope): Promise<CommentMark[]> {
    return this.#database.prisma.comment.findMany({
      where: whereOf(scope),
      select: { id: true, revision: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: mostComments,
    })
  }

  markers({ projectId, key, parts }: CommentScope): Promise<MarkerRow[]> {
    const within = parts === null ? Prisma.empty : Prisma.sql`OR "part_of" && ${[...parts]}::text[]`
    return this.#database.prisma.$queryRaw<MarkerRow[]>`
      SELECT (array_agg("anchor"))[1] AS "anchor", count(*)::int AS "threads",
        count(*) FILTER (WHERE "resolved_at" IS NULL)::int AS "unresolved"
      FROM "comment" WHERE "project_id" = ${projectId}::uuid AND "parent_id" IS NULL AND ("anchor_key" = ${key} ${within})
      GROUP BY "anchor_key" ORDER BY "anchor_key"`
  }

  find(projectId: string, id: string): Promise<CommentRow | null> {
    return this.#database.prisma.comment.findFirst({ where: { projectId, id } })
  }

  byIds(projectId: string, ids: readonly string[]): Promise<CommentRow[]> {
    return this.#database.prisma.comment.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  /** For each question its answers, oldest first; null where `after` is no answer of that comment. No other is read. */
  async replies(
    projectId: string,
    asked: readonly RepliesAsked[],
  ): Promise<(CommentRow[] | null)[]> {
    const found = await this.#replyIds(projectId, asked)
    const ids = new Set(found.flatMap(({ id }) => (id === null ? [] : [id])))
    const rows = await this.byIds(projectId, [...ids])
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    const answers: (CommentRow[] | null)[] = asked.map(() => [])
    for (const { place, known, id } of found) {
      const row = rowOf.get(id ?? '')
      if (!known) answers[place - 1] = null
      else if (row !== undefined) answers[place - 1]?.push(row)
    }
    return answers
  }

  /** One row at least for each question; `known`: whether `after` is an answer there, or was left out. */
  #replyIds(projectId: string, asked: readonly RepliesAsked[]): Promise<ReplyFound[]> {
    const [parents, firsts, afters] = (['parentId', 'first', 'after'] as const).map((name) =>
      asked.map((one) => one[name]),
    )
    return this.#database.prisma.$queryRaw<ReplyFound[]>`
      SELECT a."place"::int AS "place", a."after" IS NULL OR l."id" IS NOT NULL AS "known", r."id"
      FROM unnest(${parents}::uuid[], ${firsts}::int[], ${afters}::uuid[])
        WITH ORDINALITY AS a("parent_id", "first", "after", "place")
      LEFT JOIN "comment" l ON l."project_id" = ${projectId}::uuid AND l."parent_id" = a."parent_id" AND l."id" = a."after"
      LEFT JOIN LATERAL (SELECT c."id", c."created_at" FROM "comment" c
        WHERE c."project_id" = ${projectId}::uuid AND c."parent_id" = a."parent_id"
          AND (c."created_at", c."id") > (coalesce(l."created_at", '-infinity'), coalesce(l."id", a."parent_id"))
        ORDER BY c."created_at", c."id" LIMIT a."first") r ON true
      ORDER BY a."place", r."created_at", r."id"`
  }

  /** How many answers each comment has; those without any are left out. */
  async replyCounts(projectId: string, parentIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.comment.groupBy({
      by: ['parentId'],
      where: { projectId, parentId: { in: [...parentIds] } },
      _count: true,
    })
    return new Map(rows.map(({ parentId, _count }) => [parentId as string, _count]))
  }

  /** Everyone who answered a comment. */
  async replyAuthors(projectId: string, parentId: string): Promise<string[]> {
    const where = { projectId, parentId }
    const rows = await this.#database.prisma.comment.groupBy({ by: ['authorId'], where })
    return rows.map(({ authorId }) => authorId)
  }

  /** Oldest first. */
  async reactions(commentIds: readonly string[]): Promise<ReactionRow[]> {
    const rows = await this.#database.prisma.reaction.findMany({
      where: { commentId: { in: [...commentIds] } },
      include: { user: { select: { name: true } } },
      orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
    })
    return rows.map(({ user, ...row }) => ({ ...row, name: user.name }))
  }

  /** Ids of those of the team who have one of the handles (in lower case). */
  async membersByHandle(
    { teamId }: Pick<Viewer, 'teamId'>,
    handles: readonly string[],
  ): Promise<string[]> {
    if (handles.length === 0) return []
    const rows = await this.#database.prisma.$queryRaw<{ id: string }[]>`
      SELECT u."id" FROM "user_account" u JOIN "membership" m ON m."user_id" = u."id"
      WHERE m."team_id" = ${teamId}::uuid AND lower(u."handle") = ANY(${[...handles]}::text[])`
    return rows.map(({ id }) => id)
  }

  /** Comments of each anchor, by key. */
  async counts(projectId: string, keys: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.comment.groupBy({
      by: ['anchorKey'],
      where: { projectId, anchorKey: { in: [...keys] }, deletedAt: null },
      _count: true,
    })
    return new Map(rows.map(({ anchorKey, _count }) => [anchorKey, _count]))
  }
}

function whereOf({ projectId, key, parts }: CommentScope): Prisma.CommentWhereInput {
  if (parts === null) return { projectId, anchorKey: key }
  return { projectId, OR: [{ anchorKey: key }, { partOf: { hasSome: [...parts] } }] }
}
