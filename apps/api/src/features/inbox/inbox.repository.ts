// Rows of inboxes: put there in the transaction of what caused them, one for each person, kind and subject.
import type { Database } from '../../database/index.js'
import type { Prisma, InboxItem as InboxRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { Viewer } from '../account/viewer.js'
import { inboxKinds } from '../../vocabulary/talk-names.js'
import type { InboxKindKey } from '../../vocabulary/talk-names.js'

export type { InboxRow }

export interface Notice {
  readonly kind: InboxKindKey
  /** Such as `comment:<id>`, `review:<id>/3`: what is told of once. */
  readonly subject: string
  readonly title: string
  readonly path: string
}

/** Whose inbox, in which project. */
export type Owner = Pick<Viewer, 'projectId' | 'userId'>

type Writer = Pick<Prisma.TransactionClient, 'inboxItem' | '$queryRaw'>

const longest = { title: 300, path: 700 } as const

export const inboxChannel = (userId: string): string => `inbox:${userId}`

/** Tells people of something, but never somebody of what they did themselves; what they were told before stays as it is. */
export async function notify(
  writer: Writer,
  { projectId, userId: actorId }: Owner,
  userIds: readonly string[],
  { kind, subject, title, path }: Notice,
): Promise<void> {
  const told = [...new Set(userIds)].filter((id) => id !== actorId)
  if (told.length === 0) return
  const texts = { title: title.slice(0, longest.title), path: path.slice(0, longest.path) }
  const item = { projectId, actorId, subject, ...texts, kind: inboxKinds.toEngine(kind) }
  await writer.inboxItem.createMany({
    data: told.map((userId) => ({ userId, ...item })),
    skipDuplicates: true,
  })
  await writer.$queryRaw`
    SELECT pg_notify('imprint_run', 'inbox:' || u.id)::text FROM unnest(${told}::text[]) AS u(id)`
}

export class InboxRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    { projectId, userId }: Owner,
    page: PageRequest<TimePosition>,
    unreadOnly: boolean,
  ): Promise<PageOfRows<InboxRow>> {
    const { inboxItem } = this.#database.prisma
    const where = { projectId, userId, ...(unreadOnly ? { readAt: null } : {}) }
    return readPage(
      page,
      ({ after, ...order }) => inboxItem.findMany({ where: { ...where, ...after }, ...order }),
      () => inboxItem.count({ where }),
    )
  }

  unread({ projectId, userId }: Owner): Promise<number> {
    return this.#database.prisma.inboxItem.count({ where: { projectId, userId, readAt: null } })
  }

  newest({ projectId, userId }: Owner): Promise<InboxRow | null> {
    return this.#database.prisma.inboxItem.findFirst({
      where: { projectId, userId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    })
  }

  /** @param ids null: all @returns how many were new */
  read({ projectId, userId }: Owner, ids: readonly string[] | null): Promise<number> {
    const chosen = ids === null ? {} : { id: { in: [...ids] } }
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.inboxItem.updateMany({
        where: { projectId, userId, readAt: null, ...chosen },
        data: { readAt: new Date() },
      })
      await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${inboxChannel(userId)})::text`
      return count
    })
  }
}
