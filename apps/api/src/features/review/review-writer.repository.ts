// Steps of reviews: one UPDATE that names the version which was seen decides who wins; the step's history, and those it tells,
// are written with it.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { ReviewStateKey } from '../../vocabulary/talk-names.js'
import { recordActivity } from '../activity/activity.repository.js'
import type { ActivityEntry } from '../activity/activity.repository.js'
import { setAnnotationState } from '../annotation/annotation-state.repository.js'
import { notify } from '../inbox/inbox.repository.js'
import type { Notice, Owner } from '../inbox/inbox.repository.js'
import { annotationStateAfter } from './review-machine.js'
import type { ReviewRow } from './review.repository.js'

export interface ReviewCall {
  readonly userIds: readonly string[]
  /** Its subject is the review, and the version where each is worth telling. */
  readonly notice: Omit<Notice, 'subject'>
}

export interface Told {
  readonly calls: readonly ReviewCall[]
  readonly activity: Omit<ActivityEntry, 'subjectId' | 'subjectKind'>
}

export type ReviewValues = Pick<
  Prisma.ReviewUncheckedCreateInput,
  | 'projectId'
  | 'requestedById'
  | 'subjectKind'
  | 'subjectId'
  | 'subjectDigest'
  | 'title'
  | 'body'
  | 'state'
  | 'clientMutationId'
> & { readonly reviewerRoles: ReviewRow['reviewerRoles'] }

export interface Step {
  readonly id: string
  /** The version that was seen. */
  readonly version: number
  readonly from: readonly ReviewStateKey[]
  readonly to: ReviewStateKey
  readonly kind: string
  readonly body: string | null
  readonly newRound: boolean
  /** Undefined: as it was. */
  readonly subjectDigest?: string | null
  readonly reviewers?: {
    readonly ids: readonly string[]
    readonly roles: ReviewRow['reviewerRoles']
  }
}

type Transaction = Prisma.TransactionClient

const openStates: ReviewStateKey[] = ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED']

export class ReviewWriter {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The same `clientMutationId` again finds the first. Null when the subject is under review already. */
  create(
    owner: Owner,
    values: ReviewValues,
    reviewerIds: readonly string[],
    told: (row: ReviewRow) => Told,
  ): Promise<ReviewRow | null> {
    const { projectId, userId: requestedById } = owner
    const same = (clientMutationId: string) =>
      this.#database.prisma.review.findFirst({
        where: { projectId, requestedById, clientMutationId },
      })
    const insert = () =>
      this.#database.prisma.$transaction(async (transaction) => {
        const isFirst = await holdSubject(transaction, values)
        if (!isFirst) return null
        const row = await insertReview(transaction, values, reviewerIds)
        await this.#tell(transaction, owner, row, told(row))
        return row
      })
    const create = async (): Promise<ReviewRow | null> => {
      const { clientMutationId } = values
      const first = clientMutationId ? await same(clientMutationId) : null
      return first ?? (await insert()) ?? (clientMutationId ? same(clientMutationId) : null)
    }
    return createOnce(values.clientMutationId, create, same)
  }

  /** Null when the version is not that one any more, or the state is none the step begins in. */
  take(owner: Owner, step: Step, told: (row: ReviewRow) => Told): Promise<ReviewRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [taken] = await takeVersion(transaction, owner, step)
      if (taken === undefined) return null
      const row = await transaction.review.findUniqueOrThrow({ where: { id: step.id } })
      await transaction.reviewEvent.create({
        data: {
          ...{ reviewId: row.id, version: row.version, kind: step.kind, body: step.body },
          ...{ actorId: owner.userId, fromState: taken.before, toState: row.state },
        },
      })
      await setReviewers(transaction, step)
      await settleAnnotation(transaction, row, taken.before)
      await this.#tell(transaction, owner, row, told(row))
      return row
    })
  }

  async #tell(
    transaction: Transaction,
    owner: Owner,
    row: ReviewRow,
    { calls, activity }: Told,
  ): Promise<void> {
    const subject = `review:${row.id}/${row.version}`
    for (const { userIds, notice } of calls)
      await notify(transaction, owner, userIds, { ...notice, subject })
    const entry = { ...activity, subjectKind: 'review', subjectId: row.id }
    await recordActivity(transaction, owner, entry)
    await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${row.id})::text`
  }
}

/** The one place where two who decide at once meet: the row lock lets one through, the other finds another version. */
function takeVersion(
  transaction: Transaction,
  { projectId }: Owner,
  { id, version, from, to, newRound, subjectDigest, reviewers }: Step,
): Promise<{ readonly before: ReviewStateKey }[]> {
  const roles = reviewers === undefined ? null : [...reviewers.roles]
  const digest =
    subjectDigest === undefined ? Prisma.empty : Prisma.sql`"subject_digest" = ${subjectDigest},`
  const asked =
    roles === null ? Prisma.empty : Prisma.sql`"reviewer_roles" = ${roles}::text[]::"RoleName"[],`
  return transaction.$queryRaw`
    UPDATE "review" r SET "state" = ${to}::"ReviewState", "version" = r."version" + 1, ${digest} ${asked}
      "round" = r."round" + ${newRound ? 1 : 0}, "updated_at" = clock_timestamp(),
      "waiting_since" = CASE WHEN ${to} <> 'IN_REVIEW' THEN NULL
        WHEN o."state" = 'IN_REVIEW' THEN r."waiting_since" ELSE clock_timestamp() END
    FROM (SELECT "id", "state" FROM "review" WHERE "id" = ${id}::uuid FOR UPDATE) o
    WHERE r."id" = o."id" AND r."project_id" = ${projectId}::uuid AND r."version" = ${version}
      AND r."state" = ANY(${[...from]}::text[]::"ReviewState"[])
    RETURNING o."state"::text AS "before"`
}

/** False when another review of it is open. */
async function holdSubject(
  transaction: Transaction,
  { projectId, subjectKind, subjectId }: ReviewValues,
): Promise<boolean> {
  await transaction.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(${`review ${subjectId}`}, 0))::text`
  const where = { projectId, subjectKind, subjectId, state: { in: openStates } }
  return (await transaction.review.count({ where })) === 0
}

async function insertReview(
  transaction: Transaction,
  values: ReviewValues,
  reviewerIds: readonly string[],
): Promise<ReviewRow> {
  const waits = values.state === 'IN_REVIEW'
  const row = await transaction.review.create({
    data: {
      ...values,
      waitingSince: waits ? new Date() : null,
      reviewers: { create: reviewerIds.map((userId) => ({ userId })) },
    },
  })
  const { id: reviewId, version, state: toState, requestedById: actorId } = row
  await transaction.reviewEvent.create({
    data: { reviewId, version, actorId, kind: 'requested', toState, body: row.body || null },
  })
  return row
}

async function setReviewers(transaction: Transaction, { id, reviewers }: Step): Promise<void> {
  if (reviewers === undefined) return
  await transaction.reviewAssignment.deleteMany({ where: { reviewId: id } })
  await transaction.reviewAssignment.createMany({
    data: reviewers.ids.map((userId) => ({ reviewId: id, userId })),
  })
}

async function settleAnnotation(
  transaction: Transaction,
  { projectId, subjectKind, subjectId, state }: ReviewRow,
  before: ReviewStateKey,
): Promise<void> {
  const after = subjectKind === 'ANNOTATION' ? annotationStateAfter(before, state) : null
  if (after !== null) await setAnnotationState(transaction, projectId, subjectId, after)
}
