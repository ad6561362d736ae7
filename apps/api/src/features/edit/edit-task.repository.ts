// Rows of computations about edits as users see them: ask, find, cancel, queue again. Leases are in jobs/edit-lease.repository.ts.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { EditTask as EditTaskRow } from '../../database/generated/client.js'
import type { EditTaskKindKey } from '../../vocabulary/edit-names.js'
import type { RunStateKey } from '../../vocabulary/names.js'

export type { EditTaskRow }

export interface EditTaskValues {
  readonly projectId: string
  readonly authorId: string
  readonly modelId: string
  readonly kind: EditTaskKindKey
  readonly input: object
  readonly inputDigest: string
}

export type Transaction = Prisma.TransactionClient

const unfinished: RunStateKey[] = ['QUEUED', 'RUNNING']

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
export async function ring(
  transaction: Transaction,
  taskId: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${taskId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('edit-task', json_build_object('taskId', ${taskId}::text), max_attempts := 1)`
}

export class EditTaskRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(projectId: string, id: string): Promise<EditTaskRow | null> {
    return this.#database.prisma.editTask.findFirst({ where: { projectId, id } })
  }

  async byEdits(editIds: readonly string[]): Promise<EditTaskRow[]> {
    return this.#database.prisma.editTask.findMany({ where: { editId: { in: [...editIds] } } })
  }

  /** The newest answer to the same question, or the same author's that is still to come; null when there is none. */
  findEqual(
    { projectId, authorId, inputDigest }: EditTaskValues,
    doneToo: boolean,
  ): Promise<EditTaskRow | null> {
    const pending = { authorId, state: { in: unfinished } }
    return this.#database.prisma.editTask.findFirst({
      where: {
        ...{ projectId, inputDigest },
        OR: doneToo ? [{ state: 'DONE' as const }, pending] : [pending],
      },
      orderBy: { createdAt: 'desc' },
    })
  }

  /** Inserts and queues; with `supersede` the author's older ones of the kind and model that still wait are cancelled. */
  create(values: EditTaskValues, supersede: boolean): Promise<EditTaskRow> {
    return this.#database.prisma.$transaction(async (transaction) => {
      if (supersede) await this.#cancelWaiting(transaction, values)
      const row = await transaction.editTask.create({ data: values })
      await ring(transaction, row.id, true)
      return row
    })
  }

  async #cancelWaiting(
    transaction: Transaction,
    { projectId, authorId, modelId, kind }: EditTaskValues,
  ): Promise<void> {
    const older = await transaction.editTask.updateManyAndReturn({
      where: { projectId, authorId, modelId, kind, state: 'QUEUED' },
      data: { ...cancelled(), leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
      select: { id: true },
    })
    for (const { id } of older) await ring(transaction, id, false)
  }

  /** Ends one that waits or is computed; the raised epoch fences its worker out. Null when it had ended already. */
  cancel(projectId: string, id: string): Promise<EditTaskRow | null> {
    return this.#change(projectId, id, unfinished, cancelled())
  }

  /** Queues an ended one again with fresh attempts. Null when it has not ended unsuccessfully. */
  requeue(projectId: string, id: string): Promise<EditTaskRow | null> {
    return this.#change(projectId, id, ['FAILED', 'CANCELLED'], {
      ...{ state: 'QUEUED', stage: 'queued', attempt: 0, error: Prisma.DbNull, losses: [] },
      ...{ done: null, total: null, queuedAt: new Date(), startedAt: null, finishedAt: null },
    })
  }

  #change(
    projectId: string,
    id: string,
    from: RunStateKey[],
    changes: Prisma.EditTaskUncheckedUpdateManyInput,
  ): Promise<EditTaskRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.editTask.updateManyAndReturn({
        where: { projectId, id, state: { in: from } },
        data: { ...changes, leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
      })
      if (rows[0] === undefined) return null
      await ring(transaction, id, rows[0].state === 'QUEUED')
      return rows[0]
    })
  }

  /** Whether an unfinished export will take this name. */
  async exportUnderWay(projectId: string, name: string): Promise<boolean> {
    const where = { projectId, kind: 'EXPORT' as const, state: { in: unfinished } }
    const found = await this.#database.prisma.editTask.count({
      where: { ...where, input: { path: ['name'], equals: name } },
    })
    return found > 0
  }

  /** When an edit of this model was computed last: what a preview says may have changed then. */
  async lastComputed(modelId: string): Promise<Date | null> {
    const row = await this.#database.prisma.editTask.findFirst({
      where: { modelId, kind: 'COMPUTE', finishedAt: { not: null } },
      orderBy: { finishedAt: 'desc' },
      select: { finishedAt: true },
    })
    return row?.finishedAt ?? null
  }

  /** Places of waiting ones, 1 = next; in the order of `EditLeaseRepository.claim`. */
  async queuePositions(): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.$queryRaw<{ id: string; place: number }[]>`
      SELECT "id", (row_number() OVER (ORDER BY "kind" IN ('PREVIEW', 'TRY') DESC, "queued_at", "id"))::int AS "place"
      FROM "edit_task" WHERE "state" = 'QUEUED'`
    return new Map(rows.map(({ id, place }) => [id, place]))
  }

  /** Median seconds of each method's last twenty computed edits on a model. */
  async typicalSeconds(modelId: string): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.$queryRaw<{ method: string; seconds: number }[]>`
      SELECT "method", percentile_cont(0.5) WITHIN GROUP (ORDER BY "seconds") AS "seconds" FROM (
        SELECT e."method", EXTRACT(EPOCH FROM t."finished_at" - t."started_at")::float8 AS "seconds",
          row_number() OVER (PARTITION BY e."method" ORDER BY t."finished_at" DESC) AS "place"
        FROM "edit_task" t JOIN "edit" e ON e."id" = t."edit_id"
        WHERE t."model_id" = ${modelId}::uuid AND t."kind" = 'COMPUTE' AND t."state" = 'DONE'
      ) "recent" WHERE "place" <= 20 GROUP BY "method"`
    return new Map(rows.map(({ method, seconds }) => [method, seconds]))
  }
}

const cancelled = () =>
  ({ state: 'CANCELLED', leaseUntil: null, leaseOwner: null, finishedAt: new Date() }) as const
