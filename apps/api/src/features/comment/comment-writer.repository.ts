// Changes of comments, each in one transaction with those it tells: watchers, inboxes, the feed.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import type { Prisma } from '../../database/generated/client.js'
import { recordActivity } from '../activity/activity.repository.js'
import type { ActivityEntry } from '../activity/activity.repository.js'
import { notify } from '../inbox/inbox.repository.js'
import type { Notice, Owner } from '../inbox/inbox.repository.js'
import type { CommentRow } from './comment.repository.js'

export type CommentValues = Omit<Prisma.CommentUncheckedCreateInput, 'mentions'> & {
  readonly mentions: string[]
}

/** Whom a text tells of what. */
export interface Call {
  readonly userIds: readonly string[]
  readonly notice: Omit<Notice, 'subject'>
}

export interface Told {
  readonly calls: readonly Call[]
  readonly activity: Omit<ActivityEntry, 'subjectId'>
}

type Transaction = Prisma.TransactionClient

export const commentChannel = (projectId: string): string => `comments:${projectId}`

const ring = (transaction: Transaction, projectId: string): Promise<unknown> =>
  transaction.$queryRaw`SELECT pg_notify('imprint_run', ${commentChannel(projectId)})::text`

export class CommentWriter {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The same `clientMutationId` again finds the first, and tells nobody twice. Null when what it answers is gone. */
  create(
    owner: Owner,
    values: CommentValues,
    { calls, activity }: Told,
  ): Promise<CommentRow | null> {
    const { projectId, userId: authorId } = owner
    const insert = () =>
      this.#database.prisma.$transaction(async (transaction) => {
        if (values.parentId && !(await holdParent(transaction, values.parentId))) return null
        const row = await transaction.comment.create({ data: values })
        await tell(transaction, owner, row.id, calls)
        await recordActivity(transaction, owner, { ...activity, subjectId: row.id })
        await ring(transaction, projectId)
        return row
      })
    return createOnce(values.clientMutationId, insert, (clientMutationId) =>
      this.#database.prisma.comment.findFirst({
        where: { projectId, authorId, clientMutationId },
      }),
    )
  }

  /** Null when the version is not that one any more, or it was deleted. */
  edit(
    owner: Owner,
    { id, version }: { readonly id: string; readonly version: number },
    changes: { readonly body: string; readonly mentions: string[] },
    calls: readonly Call[],
  ): Promise<CommentRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.comment.updateManyAndReturn({
        where: { projectId: owner.projectId, id, version, deletedAt: null },
        data: {
          ...{ ...changes, editedAt: new Date() },
          ...{ version: { increment: 1 }, revision: { increment: 1 } },
        },
      })
      if (row === undefined) return null
      await tell(transaction, owner, id, calls)
      await ring(transaction, owner.projectId)
      return row
    })
  }

  /** Also when it is so already. */
  async resolve({ projectId, userId }: Owner, id: string, resolved: boolean): Promise<void> {
    await this.#database.prisma.$transaction(async (transaction) => {
      await transaction.comment.updateMany({
        where: { projectId, id, resolvedAt: resolved ? null : { not: null } },
        data: {
          ...(resolved
            ? { resolvedAt: new Date(), resolvedById: userId }
            : { resolvedAt: null, resolvedById: null }),
          revision: { increment: 1 },
        },
      })
      await ring(transaction, projectId)
    })
  }

  /** Empties a comment that has answers, removes any other; a stone without answers goes with its last one. */
  async remove({ projectId }: Owner, { id, parentId }: CommentRow): Promise<void> {
    await this.#database.prisma.$transaction(async (transaction) => {
      // Whoever answers holds the first comment's key, so the thread does not change meanwhile.
      await transaction.$queryRaw`SELECT 1 FROM "comment" WHERE "id" = ${parentId ?? id}::uuid FOR UPDATE`
      const replies = await transaction.comment.count({ where: { parentId: id } })
      if (replies > 0) await leaveStone(transaction, id)
      else await transaction.comment.deleteMany({ where: { projectId, id } })
      if (parentId !== null)
        await transaction.comment.deleteMany({
          where: { projectId, id: parentId, deletedAt: { not: null }, replies: { none: {} } },
        })
      await ring(transaction, projectId)
    })
  }

  async react({ projectId, userId }: Owner, id: string, emoji: string, on: boolean): Promise<void> {
    await this.#database.prisma.$transaction(async (transaction) => {
      const key = { commentId: id, userId, emoji }
      const { count } = on
        ? await transaction.reaction.createMany({ data: [key], skipDuplicates: true })
        : await transaction.reaction.deleteMany({ where: key })
      if (count === 0) return
      await transaction.comment.update({ where: { id }, data: { revision: { increment: 1 } } })
      await ring(transaction, projectId)
    })
  }
}

async function holdParent(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction.$queryRaw<unknown[]>`
    SELECT 1 FROM "comment" WHERE "id" = ${id}::uuid FOR KEY SHARE`
  return rows.length > 0
}

async function leaveStone(transaction: Transaction, id: string): Promise<void> {
  await transaction.reaction.deleteMany({ where: { commentId: id } })
  await transaction.comment.update({
    where: { id },
    data: {
      ...{ body: '', mentions: [], deletedAt: new Date() },
      ...{ version: { increment: 1 }, revision: { increment: 1 } },
    },
  })
}

/** A person who is called twice by one comment is told by the first call only. */
async function tell(
  transaction: Transaction,
  owner: Owner,
  id: string,
  calls: readonly Call[],
): Promise<void> {
  const told = new Set<string>()
  for (const { userIds, notice } of calls) {
    const fresh = userIds.filter((userId) => !told.has(userId))
    for (const userId of fresh) told.add(userId)
    const path = atComment(notice.path, id)
    await notify(transaction, owner, fresh, { ...notice, path, subject: `comment:${id}` })
  }
}

/** The path of a page, with the comment that it should show. */
export function atComment(path: string, id: string): string {
  const [before = '', hash] = path.split('#', 2)
  const query = `${before}${before.includes('?') ? '&' : '?'}comment=${id}`
  return hash === undefined ? query : `${query}#${hash}`
}
