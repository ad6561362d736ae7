// Rows of imports as users see them: list, create, cancel, retry, delete. Leases are in jobs/import-lease.repository.ts.
import { createOnce, isConflict } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { ModelImport as ModelImportRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { ImportStateKey } from '../../vocabulary/names.js'

export type { ModelImportRow }

export interface ModelImportValues {
  readonly projectId: string
  readonly authorId: string
  readonly source: string
  readonly name: string
  readonly clientMutationId: string | null
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
async function ring(
  transaction: Prisma.TransactionClient,
  id: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${id})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('model-import', json_build_object('importId', ${id}::text), max_attempts := 1)`
}

export class ModelImportRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    state: ImportStateKey | null,
  ): Promise<PageOfRows<ModelImportRow>> {
    const { modelImport } = this.#database.prisma
    const where = { projectId, ...(state === null ? {} : { state }) }
    return readPage(
      page,
      ({ after, ...order }) => modelImport.findMany({ where: { ...where, ...after }, ...order }),
      () => modelImport.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<ModelImportRow | null> {
    return this.#database.prisma.modelImport.findFirst({ where: { projectId, id } })
  }

  sameRequest(
    projectId: string,
    authorId: string,
    clientMutationId: string,
  ): Promise<ModelImportRow | null> {
    return this.#database.prisma.modelImport.findFirst({
      where: { projectId, authorId, clientMutationId },
    })
  }

  /** Inserts and queues in one transaction; null when another unfinished import has the name. */
  async create(values: ModelImportValues): Promise<ModelImportRow | null> {
    const { prisma } = this.#database
    const { projectId, authorId } = values
    const insert = () =>
      prisma.$transaction(async (transaction) => {
        const row = await transaction.modelImport.create({ data: values })
        await ring(transaction, row.id, true)
        return row
      })
    return nullOnConflict(() =>
      createOnce(values.clientMutationId, insert, (clientMutationId) =>
        this.sameRequest(projectId, authorId, clientMutationId),
      ),
    )
  }

  /** Ends an import that waits or runs; the raised epoch fences its worker out. Null when it had ended already. */
  cancel(projectId: string, id: string): Promise<ModelImportRow | null> {
    return this.#change(projectId, id, ['QUEUED', 'RUNNING'], {
      state: 'CANCELLED',
      leaseUntil: null,
      leaseOwner: null,
      finishedAt: new Date(),
    })
  }

  /** Queues an ended import again with fresh attempts. Null when it has not ended unsuccessfully. @throws on a busy name */
  requeue(projectId: string, id: string): Promise<ModelImportRow | null> {
    return this.#change(projectId, id, ['FAILED', 'CANCELLED'], {
      ...{ state: 'QUEUED', stage: 'QUEUED', attempt: 0, error: Prisma.DbNull, notes: [] },
      ...{ queuedAt: new Date(), startedAt: null, finishedAt: null },
      ...{ bytesPerSecond: null, secondsLeft: null },
    })
  }

  #change(
    projectId: string,
    id: string,
    from: ImportStateKey[],
    changes: Prisma.ModelImportUncheckedUpdateManyInput,
  ): Promise<ModelImportRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.modelImport.updateManyAndReturn({
        where: { projectId, id, state: { in: from } },
        data: { ...changes, leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
      })
      if (rows[0] === undefined) return null
      await ring(transaction, id, rows[0].state === 'QUEUED')
      return rows[0]
    })
  }

  /** Forgets an import; its model stays. A worker that is at it finds no row to write to. */
  remove(projectId: string, id: string): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.modelImport.deleteMany({ where: { projectId, id } })
      if (count > 0) await ring(transaction, id, false)
      return count > 0
    })
  }
}

async function nullOnConflict<Row>(work: () => Promise<Row>): Promise<Row | null> {
  try {
    return await work()
  } catch (error) {
    if (isConflict(error)) return null
    throw error
  }
}
