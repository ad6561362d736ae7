// Rows of imports of data sets. The lease says that the process that does one is alive; the state says who may write.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { DatasetImport as DatasetImportRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { RejectedCase } from './case-row.js'

export type { DatasetImportRow }

export interface DatasetImportValues {
  readonly projectId: string
  readonly authorId: string
  readonly source: string
  readonly name: string
  readonly format: string | null
  readonly clientMutationId: string | null
}

export interface ImportStep {
  readonly stage: string
  readonly receivedBytes: number
  readonly totalBytes: number | null
  readonly records: number
  readonly rejected: number
  readonly rejections: readonly RejectedCase[]
}

export interface ImportFailure {
  readonly code: string
  readonly message: string
  readonly cure: string
}

const unfinished = ['QUEUED', 'RUNNING'] as const

const diedError = JSON.stringify({
  code: 'IMPORT_INTERRUPTED',
  message: 'The server ended before the import did; nothing of it was stored.',
  cure: 'Import it again.',
} satisfies ImportFailure)

export class DatasetImportRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 15) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    onlyUnfinished: boolean,
  ): Promise<PageOfRows<DatasetImportRow>> {
    const { datasetImport } = this.#database.prisma
    const where = { projectId, ...(onlyUnfinished && { state: { in: [...unfinished] } }) }
    return readPage(
      page,
      ({ after, ...order }) => datasetImport.findMany({ where: { ...where, ...after }, ...order }),
      () => datasetImport.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<DatasetImportRow | null> {
    return this.#database.prisma.datasetImport.findFirst({ where: { projectId, id } })
  }

  sameRequest(
    projectId: string,
    authorId: string,
    clientMutationId: string,
  ): Promise<DatasetImportRow | null> {
    const where = { projectId, authorId, clientMutationId }
    return this.#database.prisma.datasetImport.findFirst({ where })
  }

  /** With a lease from the start; `created` is false where the same request made one before. */
  async create(
    values: DatasetImportValues,
  ): Promise<{ readonly row: DatasetImportRow; readonly created: boolean }> {
    const { projectId, authorId } = values
    let created = false
    const insert = async (): Promise<DatasetImportRow> => {
      const leaseUntil = new Date(Date.now() + this.#leaseSeconds * 1_000)
      const row = await this.#database.prisma.datasetImport.create({
        data: { ...values, leaseUntil },
      })
      created = true
      return row
    }
    const row = await createOnce(values.clientMutationId, insert, (key) =>
      this.sameRequest(projectId, authorId, key),
    )
    return { row, created }
  }

  /** Null when it was cancelled while it waited. */
  async begin(id: string): Promise<DatasetImportRow | null> {
    const begun = await this.#change(
      id,
      ['QUEUED'],
      Prisma.sql`"state" = 'RUNNING', "stage" = 'looking', "started_at" = clock_timestamp(), "lease_until" = ${this.#leaseEnd()}`,
    )
    return begun ? this.#database.prisma.datasetImport.findUnique({ where: { id } }) : null
  }

  /** False when it was cancelled or given up. */
  setProgress(id: string, step: ImportStep): Promise<boolean> {
    const { stage, receivedBytes, totalBytes, records, rejected, rejections } = step
    return this.#change(
      id,
      ['RUNNING'],
      Prisma.sql`"stage" = ${stage}, "received_bytes" = ${receivedBytes}::bigint, "total_bytes" = ${totalBytes}::bigint,
        "records" = ${records}::int, "rejected" = ${rejected}::int, "rejections" = ${JSON.stringify(rejections)}::jsonb`,
    )
  }

  /** Ends it with a data set that was there before. */
  endWith(id: string, datasetId: string): Promise<boolean> {
    return this.#change(
      id,
      ['RUNNING'],
      Prisma.sql`"state" = 'DONE', "stage" = 'done', "dataset_id" = ${datasetId}::uuid, ${ended}`,
    )
  }

  fail(id: string, failure: ImportFailure): Promise<boolean> {
    const error = JSON.stringify(failure)
    return this.#change(
      id,
      [...unfinished],
      Prisma.sql`"state" = 'FAILED', "error" = ${error}::jsonb, ${ended}`,
    )
  }

  /** Null when it had ended already. */
  async cancel(projectId: string, id: string): Promise<DatasetImportRow | null> {
    const row = await this.find(projectId, id)
    if (row === null) return null
    const changes = Prisma.sql`"state" = 'CANCELLED', ${ended}`
    return (await this.#change(id, [...unfinished], changes)) ? this.find(projectId, id) : null
  }

  async prolong(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#database.prisma.$executeRaw`
      UPDATE "dataset_import" SET "lease_until" = ${this.#leaseEnd()}
      WHERE "id" = ANY(${[...ids]}::uuid[]) AND "state" IN ('QUEUED', 'RUNNING')`
  }

  /** Ends imports whose process is gone; `own` are those of this one, which are not. */
  async failAbandoned(own: readonly string[]): Promise<number> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "dataset_import" SET "state" = 'FAILED', "error" = ${diedError}::jsonb, ${ended},
        "progress_version" = "progress_version" + 1
      WHERE "state" IN ('QUEUED', 'RUNNING') AND NOT ("id" = ANY(${[...own]}::uuid[]))
        AND ("lease_until" IS NULL OR "lease_until" < clock_timestamp())
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  async #change(
    id: string,
    from: readonly DatasetImportRow['state'][],
    changes: Prisma.Sql,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "dataset_import" SET ${changes}, "progress_version" = "progress_version" + 1
      WHERE "id" = ${id}::uuid AND "state" = ANY(${[...from]}::"ImportState"[])
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length > 0
  }
}

const ended = Prisma.sql`"finished_at" = clock_timestamp(), "lease_until" = NULL`
