// Rows of reviews as they are read, and of those who may decide them.
import type { Database } from '../../database/index.js'
import type {
  Prisma,
  Review as ReviewRow,
  ReviewEvent as ReviewEventRow,
} from '../../database/generated/client.js'
import type { Viewer } from '../account/viewer.js'
import type { ReviewStateKey, ReviewSubjectKey } from '../../vocabulary/talk-names.js'
import type { RoleKey } from '../../vocabulary/role-names.js'
import { reviewOrderBy, reviewsAfter } from './review-order.js'
import type { ReviewPage } from './review-order.js'

export type { ReviewRow, ReviewEventRow }

export interface ReviewConditions {
  readonly state?: ReviewStateKey | undefined
  readonly subjectKind?: ReviewSubjectKey | undefined
  readonly subjectId?: string | undefined
  readonly requestedById?: string | undefined
  /** In review, asked by name, by role, or as anybody, and not by themselves unless nobody else may decide. */
  readonly waitingFor?:
    { readonly userId: string; readonly role: RoleKey; readonly alone: boolean } | undefined
}

export class ReviewRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: ReviewPage,
    conditions: ReviewConditions,
  ): Promise<{ rows: ReviewRow[]; totalCount: number }> {
    const where = { AND: whereOf(projectId, conditions) }
    const { review } = this.#database.prisma
    const [rows, totalCount] = await Promise.all([
      review.findMany({
        where: { AND: [where, reviewsAfter(page)] },
        orderBy: reviewOrderBy[page.order],
        take: page.first + 1,
      }),
      review.count({ where }),
    ])
    return { rows, totalCount }
  }

  find(projectId: string, id: string): Promise<ReviewRow | null> {
    return this.#database.prisma.review.findFirst({ where: { projectId, id } })
  }

  /** The newest of each subject, by the subject's id. */
  async newestOf(
    projectId: string,
    subjectKind: ReviewSubjectKey,
    subjectIds: readonly string[],
  ): Promise<Map<string, ReviewRow>> {
    if (subjectIds.length === 0) return new Map()
    const rows = await this.#database.prisma.review.findMany({
      where: { projectId, subjectKind, subjectId: { in: [...subjectIds] } },
      distinct: ['subjectId'],
      orderBy: [{ subjectId: 'asc' }, { createdAt: 'desc' }, { id: 'desc' }],
    })
    return new Map(rows.map((row) => [row.subjectId, row]))
  }

  events(reviewIds: readonly string[]): Promise<ReviewEventRow[]> {
    return this.#database.prisma.reviewEvent.findMany({
      where: { reviewId: { in: [...reviewIds] } },
      orderBy: { version: 'asc' },
    })
  }

  /** [review, person], by name. */
  async reviewers(
    reviewIds: readonly string[],
  ): Promise<{ readonly reviewId: string; readonly userId: string }[]> {
    return this.#database.prisma.reviewAssignment.findMany({
      where: { reviewId: { in: [...reviewIds] } },
      select: { reviewId: true, userId: true },
      orderBy: { user: { name: 'asc' } },
    })
  }

  /** Those of the ids who are in the team. */
  async members({ teamId }: Viewer, userIds: readonly string[]): Promise<string[]> {
    const rows = await this.#database.prisma.membership.findMany({
      where: { teamId, userId: { in: [...userIds] } },
      select: { userId: true },
    })
    return rows.map(({ userId }) => userId)
  }

  /** Everybody of the team with one of the roles. */
  async membersInRoles({ teamId }: Viewer, roles: readonly RoleKey[]): Promise<string[]> {
    if (roles.length === 0) return []
    const rows = await this.#database.prisma.membership.findMany({
      where: { teamId, role: { in: [...roles] } },
      select: { userId: true },
    })
    return rows.map(({ userId }) => userId)
  }
}

function whereOf(
  projectId: string,
  { state, subjectKind, subjectId, requestedById, waitingFor }: ReviewConditions,
): Prisma.ReviewWhereInput[] {
  return [
    { projectId },
    ...(state ? [{ state }] : []),
    ...(subjectKind ? [{ subjectKind }] : []),
    ...(subjectId ? [{ subjectId }] : []),
    ...(requestedById ? [{ requestedById }] : []),
    ...(waitingFor ? waitingConditions(waitingFor) : []),
  ]
}

function waitingConditions({
  userId,
  role,
  alone,
}: NonNullable<ReviewConditions['waitingFor']>): Prisma.ReviewWhereInput[] {
  return [
    { state: 'IN_REVIEW' },
    ...(alone ? [] : [{ requestedById: { not: userId } }]),
    {
      OR: [
        { reviewers: { some: { userId } } },
        { reviewerRoles: { has: role } },
        { reviewers: { none: {} }, reviewerRoles: { isEmpty: true } },
      ],
    },
  ]
}
