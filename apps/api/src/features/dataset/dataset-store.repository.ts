// A whole data set into its tables in one transaction: all of it, or nothing.
import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Database } from '../../database/index.js'
import type { CaseFeatures } from '../../engine/dataset-library.js'
import type { CaseRow, RejectedCase } from './case-row.js'

export interface DatasetHead {
  readonly projectId: string
  readonly authorId: string
  readonly name: string
  /** Where the file came from, for people. */
  readonly source: string
  readonly bundled: boolean
  /** The import that waits for it; it has to be still running when the data set is complete. Null: nobody waits. */
  readonly importId: string | null
}

/** What is known once every case was read. */
export interface DatasetSummary {
  readonly digest: string
  readonly format: string
  readonly bytes: number
  readonly cases: number
  readonly rejected: number
  readonly features: CaseFeatures
  readonly rejections: readonly RejectedCase[]
}

/** `known`: these bytes were stored before, as the data set of this id. `ended`: nobody waits for it any more. */
export type StoredDataset =
  | { readonly outcome: 'stored' | 'known'; readonly datasetId: string }
  | { readonly outcome: 'ended' }

/** Takes groups of cases; resolves to the summary when there are no more. */
export type FillDataset = (
  insert: (rows: readonly CaseRow[]) => Promise<void>,
) => Promise<DatasetSummary>

export class DatasetStoreRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @throws whatever `fill` throws; then nothing was stored */
  async store(head: DatasetHead, fill: FillDataset): Promise<StoredDataset> {
    const client = await this.#database.pool.connect()
    try {
      await client.query('BEGIN')
      const stored = await storeIn(client, head, fill)
      await client.query(stored.outcome === 'stored' ? 'COMMIT' : 'ROLLBACK')
      client.release()
      return stored
    } catch (error) {
      // The connection is closed, which rolls back whatever it had begun.
      client.release(true)
      throw error
    }
  }

  async findByDigest(projectId: string, digest: string): Promise<string | null> {
    const found = await this.#database.prisma.dataset.findFirst({
      where: { projectId, digest },
      select: { id: true },
    })
    return found?.id ?? null
  }
}

type Connection = Pick<PoolClient, 'query'>

async function storeIn(
  client: Connection,
  head: DatasetHead,
  fill: FillDataset,
): Promise<StoredDataset> {
  const id = randomUUID()
  await client.query(
    `INSERT INTO "dataset" ("id", "project_id", "author_id", "name", "version", "digest", "format", "source", "bytes",
       "cases", "rejected", "features", "bundled")
     VALUES ($1, $2, $3, $4, 0, $4, '', $5, 0, 0, 0, '{}', $6)`,
    [id, head.projectId, head.authorId, `incomplete ${id}`, head.source, head.bundled],
  )
  const summary = await fill((rows) => insertCases(client, id, rows))
  await insertRelations(client, id)
  await insertRejections(client, id, summary.rejections)
  // Versions of one project are given out one after the other.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('dataset ' || $1, 0))`, [
    head.projectId,
  ])
  const known = await client.query<{ id: string }>(
    `SELECT "id" FROM "dataset" WHERE "project_id" = $1 AND "digest" = $2`,
    [head.projectId, summary.digest],
  )
  if (known.rows[0] !== undefined) return { outcome: 'known', datasetId: known.rows[0].id }
  await complete(client, id, head, summary)
  if (head.importId !== null && !(await endImport(client, head.importId, id)))
    return { outcome: 'ended' }
  return { outcome: 'stored', datasetId: id }
}

/** The rows travel as one JSON text: PostgreSQL takes them apart faster than a driver puts twelve arrays together. */
async function insertCases(
  client: Connection,
  datasetId: string,
  rows: readonly CaseRow[],
): Promise<void> {
  await client.query(
    `INSERT INTO "dataset_case"
       ("dataset_id", "place", "case_id", "relation", "subject", "prompt", "target_new", "target_true", "record")
     SELECT $1, r."place", r."caseId", r."relation", r."subject", r."prompt", r."targetNew", r."targetTrue", r."record"
     FROM jsonb_to_recordset($2::jsonb) AS r("place" int, "caseId" text, "relation" text, "subject" text, "prompt" text,
       "targetNew" text, "targetTrue" text, "record" jsonb)`,
    [datasetId, JSON.stringify(rows)],
  )
}

async function insertRelations(client: Connection, datasetId: string): Promise<void> {
  await client.query(
    `INSERT INTO "dataset_relation" ("dataset_id", "relation", "cases")
     SELECT "dataset_id", "relation", count(*) FROM "dataset_case" WHERE "dataset_id" = $1 GROUP BY 1, 2`,
    [datasetId],
  )
}

async function insertRejections(
  client: Connection,
  datasetId: string,
  rejections: readonly RejectedCase[],
): Promise<void> {
  const rows = rejections.map((one, place) => ({ place, ...one }))
  await client.query(
    `INSERT INTO "dataset_rejection" ("dataset_id", "place", "record", "field", "reason")
     SELECT $1, r."place", r."record", r."field", r."reason"
     FROM jsonb_to_recordset($2::jsonb) AS r("place" int, "record" int, "field" text, "reason" text)`,
    [datasetId, JSON.stringify(rows)],
  )
}

async function complete(
  client: Connection,
  id: string,
  { projectId, name }: DatasetHead,
  { digest, format, bytes, cases, rejected, features }: DatasetSummary,
): Promise<void> {
  await client.query(
    `UPDATE "dataset" SET "name" = $3, "digest" = $4, "format" = $5, "bytes" = $6, "cases" = $7, "rejected" = $8,
       "features" = $9, "version" = 1 + coalesce(
         (SELECT max("version") FROM "dataset" WHERE "project_id" = $2 AND "name" = $3), 0)
     WHERE "id" = $1`,
    [id, projectId, name, digest, format, bytes, cases, rejected, JSON.stringify(features)],
  )
}

/** False when it was cancelled, deleted or given up meanwhile. */
async function endImport(
  client: Connection,
  importId: string,
  datasetId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE "dataset_import" SET "state" = 'DONE', "stage" = 'done', "dataset_id" = $2, "lease_until" = NULL,
       "finished_at" = clock_timestamp(), "progress_version" = "progress_version" + 1
     WHERE "id" = $1 AND "state" = 'RUNNING' RETURNING pg_notify('imprint_run', $1::text)`,
    [importId, datasetId],
  )
  return rowCount === 1
}
