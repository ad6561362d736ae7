// Rows of activity: written in the transaction of what happened, read by page and by those who follow.
import type { Database } from '../../database/index.js'
import type { Prisma, Activity as ActivityRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { Viewer } from '../account/viewer.js'

export type { ActivityRow }

export interface ActivityEntry {
  /** Such as `annotated`, `commented on`, `approved`, `created`. */
  readonly verb: string
  /** Such as `comment`, `review`, `annotation`, `edit`, `evaluation`, `member`. */
  readonly subjectKind: string
  readonly subjectId: string
  readonly title: string
  readonly path: string
  /** Keys of the anchors it is about. */
  readonly anchorKeys?: readonly string[]
}

export interface ActivityConditions {
  readonly actorId?: string | undefined
  readonly subjectKind?: string | undefined
  readonly anchorKeys?: readonly string[] | undefined
}

type Writer = Pick<Prisma.TransactionClient, 'activity' | '$queryRaw'>

const longest = { title: 300, path: 700 } as const

export const activityChannel = (projectId: string): string => `activity:${projectId}`

/** Writes what the viewer did and wakes those who follow; pass the transaction of the change itself. */
export async function recordActivity(
  writer: Writer,
  { projectId, userId: actorId }: Pick<Viewer, 'projectId' | 'userId'>,
  entry: ActivityEntry,
): Promise<void> {
  const { anchorKeys = [], title, path, ...rest } = entry
  const texts = { title: title.slice(0, longest.title), path: path.slice(0, longest.path) }
  await writer.activity.create({
    data: { projectId, actorId, ...rest, ...texts, anchorKeys: [...anchorKeys] },
  })
  await writer.$queryRaw`SELECT pg_notify('imprint_run', ${activityChannel(projectId)})::text`
}

/** Seconds that a transaction may take from its beginning, which is its rows' time, to its end. */
const overlapSeconds = 10
export const mostAtOnce = 5_000

export class ActivityRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** For what happens outside a transaction of its own. */
  record(viewer: Pick<Viewer, 'projectId' | 'userId'>, entry: ActivityEntry): Promise<void> {
    return this.#database.prisma.$transaction((transaction) =>
      recordActivity(transaction, viewer, entry),
    )
  }

  /** Nothing when the same was done to the same thing before, as when a request is sent again. */
  async recordOnce(
    viewer: Pick<Viewer, 'projectId' | 'userId'>,
    entry: ActivityEntry,
  ): Promise<void> {
    const { verb, subjectKind, subjectId } = entry
    await this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`
        SELECT pg_advisory_xact_lock(hashtextextended(${`activity ${subjectId}`}, 0))::text`
      const where = { projectId: viewer.projectId, verb, subjectKind, subjectId }
      if ((await transaction.activity.count({ where })) > 0) return
      await recordActivity(transaction, viewer, entry)
    })
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    { actorId, subjectKind, anchorKeys }: ActivityConditions,
  ): Promise<PageOfRows<ActivityRow>> {
    const { activity } = this.#database.prisma
    const where: Prisma.ActivityWhereInput = {
      projectId,
      ...(actorId === undefined ? {} : { actorId }),
      ...(subjectKind === undefined ? {} : { subjectKind }),
      ...(anchorKeys === undefined ? {} : { anchorKeys: { hasSome: [...anchorKeys] } }),
    }
    return readPage(
      page,
      ({ after, ...order }) => activity.findMany({ where: { ...where, ...after }, ...order }),
      () => activity.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<ActivityRow | null> {
    return this.#database.prisma.activity.findFirst({ where: { projectId, id } })
  }

  newest(projectId: string): Promise<ActivityRow | null> {
    return this.#database.prisma.activity.findFirst({
      where: { projectId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    })
  }

  /** Rows from a little before `at`, oldest first: what was written late is among them, and what was seen, too. */
  around(projectId: string, at: Date): Promise<ActivityRow[]> {
    const from = new Date(at.getTime() - overlapSeconds * 1_000)
    return this.#database.prisma.activity.findMany({
      where: { projectId, createdAt: { gte: from } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      take: mostAtOnce,
    })
  }
}
