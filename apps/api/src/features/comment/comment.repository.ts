// Rows of comments as they are read: threads, markers, and what watchers compare.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Comment as CommentRow } from '../../database/generated/client.js'
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

  replies(projectId: string, parentIds: readonly string[]): Promise<CommentRow[]> {
    return this.#database.prisma.comment.findMany({
      where: { projectId, parentId: { in: [...parentIds] } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    })
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
