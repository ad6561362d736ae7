// Rows of lens runs as users see them: list, create, cancel, retry, delete. Leases are in jobs/run-lease.repository.ts.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { LensRun as LensRunRow } from '../../database/generated/client.js'
import { createOnce } from '../../database/create-once.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { RunStateKey } from '../../vocabulary/names.js'

export type { LensRunRow }

export type LensRunValues = Omit<
  Prisma.LensRunUncheckedCreateInput,
  'id' | 'state' | 'stage' | 'attempt' | 'progressVersion' | 'createdAt'
>

export interface LensRunConditions {
  readonly modelId?: string | null | undefined
  readonly state?: RunStateKey | null | undefined
  readonly search?: string | null | undefined
  readonly promptId?: string | null | undefined
}

type Transaction = Prisma.TransactionClient

function conditionsOf(projectId: string, conditions: LensRunConditions): Prisma.LensRunWhereInput {
  const { modelId, state, search, promptId } = conditions
  const contains = { contains: search ?? '', mode: 'insensitive' as const }
  return {
    projectId,
    ...(modelId ? { modelId } : {}),
    ...(state ? { state } : {}),
    ...(promptId ? { promptId } : {}),
    ...(search
      ? { OR: [{ name: contains }, { promptText: contains }, { targetText: contains }] }
      : {}),
  }
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
async function ring(transaction: Transaction, runId: string, queueJob: boolean): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${runId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('lens-run', json_build_object('runId', ${runId}::text), max_attempts := 1)`
}

export class LensRunRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    conditions: LensRunConditions,
  ): Promise<PageOfRows<LensRunRow>> {
    const { lensRun } = this.#database.prisma
    const where = conditionsOf(projectId, conditions)
    return readPage(
      page,
      ({ after, ...order }) => lensRun.findMany({ where: { ...where, ...after }, ...order }),
      () => lensRun.count({ where }),
    )
  }

  byIds(projectId: string, ids: readonly string[]): Promise<LensRunRow[]> {
    return this.#database.prisma.lensRun.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  find(projectId: string, id: string): Promise<LensRunRow | null> {
    return this.#database.prisma.lensRun.findFirst({ where: { projectId, id } })
  }

  /** Inserts and queues in one transaction; the same `clientMutationId` again finds the first row and queues nothing. */
  create(values: LensRunValues): Promise<LensRunRow> {
    const { prisma } = this.#database
    const { projectId, authorId } = values
    return createOnce(
      values.clientMutationId,
      () =>
        prisma.$transaction(async (transaction) => {
          const row = await transaction.lensRun.create({ data: values })
          await ring(transaction, row.id, true)
          return row
        }),
      (clientMutationId) =>
        prisma.lensRun.findFirst({ where: { projectId, authorId, clientMutationId } }),
    )
  }

  /** Ends a run that waits or is computed; the raised epoch fences its worker out. Null when it had ended already. */
  cancel(projectId: string, id: string): Promise<LensRunRow | null> {
    return this.#change(projectId, id, ['QUEUED', 'RUNNING'], {
      state: 'CANCELLED',
      block: Prisma.DbNull,
      leaseUntil: null,
      leaseOwner: null,
      finishedAt: new Date(),
    })
  }

  /** Queues an ended run again with fresh attempts. Null when it has not ended unsuccessfully. */
  requeue(projectId: string, id: string): Promise<LensRunRow | null> {
    const changes = {
      state: 'QUEUED',
      stage: 'QUEUED',
      attempt: 0,
      error: Prisma.DbNull,
      queuedAt: new Date(),
    } as const
    return this.#change(projectId, id, ['FAILED', 'CANCELLED'], {
      ...changes,
      startedAt: null,
      finishedAt: null,
    })
  }

  #change(
    projectId: string,
    id: string,
    from: RunStateKey[],
    changes: Prisma.LensRunUncheckedUpdateManyInput,
  ): Promise<LensRunRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.lensRun.updateManyAndReturn({
        where: { projectId, id, state: { in: from } },
        data: { ...changes, leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
      })
      if (rows[0] === undefined) return null
      await ring(transaction, id, rows[0].state === 'QUEUED')
      return rows[0]
    })
  }

  /** Deletes a run with everything that belongs to it; a worker that computes it finds no row to write to. */
  async remove(projectId: string, id: string): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.lensRun.deleteMany({ where: { projectId, id } })
      if (count > 0) await ring(transaction, id, false)
      return count > 0
    })
  }

  async countByPrompt(promptIds: readonly string[]): Promise<Map<string, number>> {
    const groups = await this.#database.prisma.lensRun.groupBy({
      by: ['promptId'],
      where: { promptId: { in: [...promptIds] } },
      _count: { _all: true },
    })
    return new Map(groups.map((group) => [group.promptId as string, group._count._all]))
  }

  async newestByPrompt(promptIds: readonly string[]): Promise<LensRunRow[]> {
    return this.#database.prisma.lensRun.findMany({
      where: { promptId: { in: [...promptIds] } },
      distinct: ['promptId'],
      orderBy: [{ promptId: 'asc' }, { createdAt: 'desc' }, { id: 'desc' }],
    })
  }

  /** Places of waiting runs, 1 = next. */
  async queuePositions(): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.$queryRaw<{ id: string; place: number }[]>`
      SELECT "id", (row_number() OVER (ORDER BY "queued_at", "id"))::int AS "place"
      FROM "lens_run" WHERE "state" = 'QUEUED'`
    return new Map(rows.map(({ id, place }) => [id, place]))
  }

  /** Median seconds of each model's last twenty finished runs. */
  async typicalSeconds(modelIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#database.prisma.$queryRaw<{ model_id: string; seconds: number }[]>`
      SELECT m."id" AS "model_id", percentile_cont(0.5) WITHIN GROUP (ORDER BY r."seconds") AS "seconds"
      FROM "model" m CROSS JOIN LATERAL (
        SELECT EXTRACT(EPOCH FROM "finished_at" - "started_at")::float8 AS "seconds" FROM "lens_run"
        WHERE "model_id" = m."id" AND "state" = 'DONE' ORDER BY "finished_at" DESC LIMIT 20
      ) r WHERE m."id" = ANY(${[...modelIds]}::uuid[]) GROUP BY m."id"`
    return new Map(rows.map((row) => [row.model_id, row.seconds]))
  }
}
