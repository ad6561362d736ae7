// Rows of figure sets as users see them: start, list, cancel, queue again, delete. Leases are in jobs/figure-lease.repository.ts.
import type { Database } from '../../database/index.js'
import { isConflict } from '../../database/create-once.js'
import { Prisma } from '../../database/generated/client.js'
import type { FigureSet as FigureSetRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { RunStateKey } from '../../vocabulary/names.js'

export type { FigureSetRow }

export type FigureSetValues = Pick<
  Prisma.FigureSetUncheckedCreateInput,
  | 'projectId'
  | 'authorId'
  | 'modelId'
  | 'sliceId'
  | 'name'
  | 'settings'
  | 'questionDigest'
  | 'prompts'
  | 'clientMutationId'
>

export interface FigureRow {
  readonly kind: string
  readonly done: number
  readonly figure: unknown
}

/** The slice that figures are asked of. */
export interface FigureSlice {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly digest: string | null
  readonly places: readonly number[]
}

const unfinished: RunStateKey[] = ['QUEUED', 'RUNNING']

export class FigureSetRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    modelId: string | null,
  ): Promise<PageOfRows<FigureSetRow>> {
    const { figureSet } = this.#database.prisma
    const where = { projectId, ...(modelId === null ? {} : { modelId }) }
    return readPage(
      page,
      ({ after, ...order }) => figureSet.findMany({ where: { ...where, ...after }, ...order }),
      () => figureSet.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<FigureSetRow | null> {
    return this.#database.prisma.figureSet.findFirst({ where: { projectId, id } })
  }

  slice(projectId: string, id: string): Promise<FigureSlice | null> {
    return this.#database.prisma.slice.findFirst({
      where: { projectId, id },
      select: { id: true, name: true, state: true, digest: true, places: true },
    })
  }

  /** Inserts and queues; an equal question, or the same request sent again, finds the first. */
  async create(values: FigureSetValues): Promise<{ row: FigureSetRow; made: boolean }> {
    try {
      const row = await this.#database.prisma.$transaction(async (transaction) => {
        const made = await transaction.figureSet.create({ data: values })
        await ring(transaction, made.id, true)
        return made
      })
      return { row, made: true }
    } catch (error) {
      const { projectId, authorId, questionDigest, clientMutationId } = values
      const same = clientMutationId ? [{ authorId, clientMutationId }] : []
      const row = isConflict(error)
        ? await this.#database.prisma.figureSet.findFirst({
            where: { projectId, OR: [{ questionDigest }, ...same] },
          })
        : null
      if (row === null) throw error
      return { row, made: false }
    }
  }

  /** Ends one that waits or is computed; the raised epoch fences its worker out. Null when it had ended already. */
  cancel(projectId: string, id: string): Promise<FigureSetRow | null> {
    return this.#change(projectId, id, unfinished, {
      ...{ state: 'CANCELLED', leaseUntil: null, leaseOwner: null, finishedAt: new Date() },
    })
  }

  /** Queues an ended one again; what is observed stays. Null when it has not ended unsuccessfully. */
  requeue(projectId: string, id: string): Promise<FigureSetRow | null> {
    return this.#change(projectId, id, ['FAILED', 'CANCELLED'], {
      ...{ state: 'QUEUED', stage: 'queued', attempt: 0, error: Prisma.DbNull },
      ...{ queuedAt: new Date(), startedAt: null, finishedAt: null },
    })
  }

  #change(
    projectId: string,
    id: string,
    from: RunStateKey[],
    changes: Prisma.FigureSetUncheckedUpdateManyInput,
  ): Promise<FigureSetRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.figureSet.updateManyAndReturn({
        where: { projectId, id, state: { in: from } },
        data: { ...changes, leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
      })
      if (row === undefined) return null
      await ring(transaction, id, row.state === 'QUEUED')
      return row
    })
  }

  async remove(projectId: string, id: string): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.figureSet.deleteMany({ where: { projectId, id } })
      if (count > 0) await ring(transaction, id, false)
      return count > 0
    })
  }

  /** Kinds that can be drawn, with the prompts they are of. */
  async heads(setId: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.prisma.figure.findMany({
      where: { setId },
      select: { kind: true, done: true },
    })
    return new Map(rows.map(({ kind, done }) => [kind, done]))
  }

  figure(setId: string, kind: string): Promise<FigureRow | null> {
    return this.#database.prisma.figure.findUnique({ where: { setId_kind: { setId, kind } } })
  }

  async skipped(setId: string): Promise<number> {
    const { rows } = await this.#database.pool.query<{ skipped: number }>(
      `SELECT count(*)::int AS "skipped" FROM figure_observation WHERE set_id = $1 AND observation ? 'skipped'`,
      [setId],
    )
    return rows[0]?.skipped ?? 0
  }
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
async function ring(
  transaction: Prisma.TransactionClient,
  setId: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${setId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('figures', json_build_object('setId', ${setId}::text), max_attempts := 1)`
}
