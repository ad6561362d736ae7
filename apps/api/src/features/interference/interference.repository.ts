// Rows of maps of interference as users see them, and the approved edits they are of. Leases are in
// jobs/interference-lease.repository.ts.
import { isConflict } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { InterferenceMap as InterferenceRow } from '../../database/generated/client.js'

export type { InterferenceRow }

export interface ApprovedEdit {
  readonly id: string
  readonly digest: string
}

export type InterferenceValues = Pick<
  Prisma.InterferenceMapUncheckedCreateInput,
  'projectId' | 'authorId' | 'modelId' | 'questionDigest'
> & { readonly editIds: string[] }

const { DbNull } = Prisma

/** As it is when it has just been asked for. */
const fresh: Prisma.InterferenceMapUncheckedUpdateManyInput = {
  ...{ state: 'QUEUED', stage: 'queued', attempt: 0, done: null, total: null },
  ...{ error: DbNull, startedAt: null, finishedAt: null, leaseOwner: null, leaseUntil: null },
}

export class InterferenceRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Computed edits whose newest review approved them: those of the stack in its order, then by when they were approved. */
  approved(projectId: string, modelId: string): Promise<ApprovedEdit[]> {
    return this.#database.prisma.$queryRaw<ApprovedEdit[]>`
      SELECT e."id", e."digest" FROM "edit" e
      JOIN LATERAL (
        SELECT r."id", r."state" FROM "review" r
        WHERE r."project_id" = e."project_id" AND r."subject_kind" = 'EDIT' AND r."subject_id" = e."id"
        ORDER BY r."created_at" DESC, r."id" DESC LIMIT 1) r ON r."state" = 'APPROVED'
      JOIN LATERAL (
        SELECT max(v."created_at") AS "at" FROM "review_event" v
        WHERE v."review_id" = r."id" AND v."to_state" = 'APPROVED') v ON true
      WHERE e."project_id" = ${projectId}::uuid AND e."model_id" = ${modelId}::uuid AND e."digest" IS NOT NULL
      ORDER BY e."stack_position" NULLS LAST, v."at", e."id"`
  }

  newest(projectId: string, modelId: string): Promise<InterferenceRow | null> {
    return this.#database.prisma.interferenceMap.findFirst({
      where: { projectId, modelId },
      orderBy: [{ queuedAt: 'desc' }, { id: 'desc' }],
    })
  }

  find(projectId: string, id: string): Promise<InterferenceRow | null> {
    return this.#database.prisma.interferenceMap.findFirst({ where: { projectId, id } })
  }

  /** Inserts and queues; an equal question finds the first map, which is queued again if it failed or was cancelled. */
  async ask(values: InterferenceValues): Promise<{ row: InterferenceRow; queued: boolean }> {
    const { projectId, questionDigest } = values
    try {
      return { row: await this.#insert(values), queued: true }
    } catch (error) {
      if (!isConflict(error)) throw error
    }
    const { prisma } = this.#database
    const where = { projectId, questionDigest }
    const again = await this.#requeue(where)
    if (again !== null) return { row: again, queued: true }
    // Asked for last is shown first, also when an older map is of the edits that are approved again.
    await prisma.interferenceMap.updateMany({ where, data: { queuedAt: new Date() } })
    return { row: await prisma.interferenceMap.findFirstOrThrow({ where }), queued: false }
  }

  #insert(values: InterferenceValues): Promise<InterferenceRow> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const row = await transaction.interferenceMap.create({ data: values })
      await ring(transaction, row.id, true)
      return row
    })
  }

  #requeue(where: { projectId: string; questionDigest: string }): Promise<InterferenceRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.interferenceMap.updateManyAndReturn({
        where: { ...where, state: { in: ['FAILED', 'CANCELLED'] } },
        data: {
          ...{ ...fresh, queuedAt: new Date() },
          ...{ leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
        },
      })
      if (row === undefined) return null
      await ring(transaction, row.id, true)
      return row
    })
  }

  /** Ends one that waits or is computed; the raised epoch fences its worker out. Null when it had ended already. */
  cancel(projectId: string, id: string): Promise<InterferenceRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.interferenceMap.updateManyAndReturn({
        where: { projectId, id, state: { in: ['QUEUED', 'RUNNING'] } },
        data: {
          ...{ state: 'CANCELLED', leaseUntil: null, leaseOwner: null, finishedAt: new Date() },
          ...{ leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
        },
      })
      if (row === undefined) return null
      await ring(transaction, id, false)
      return row
    })
  }
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
async function ring(
  transaction: Prisma.TransactionClient,
  mapId: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${mapId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('interference', json_build_object('mapId', ${mapId}::text), max_attempts := 1)`
}
