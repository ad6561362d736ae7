// What a batch is computed from, and its rows: rows, the batch's end and, after the last batch, the evaluation's end, all or nothing.
import type pg from 'pg'
import type { Database } from '../database/index.js'
import type { ClaimedArm, ClaimedBatch, ClaimedCase, RowToStore } from './evaluation-claim.js'

/** `already`: this very claim had stored them, and its answer was lost. */
export type Stored = 'stored' | 'already' | 'lost'

type Fence = Pick<ClaimedBatch, 'id' | 'evaluationId' | 'leaseEpoch' | 'owner'>

export class EvaluationRowRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Arms of a batch in their order, or its only one; of a retry only those without a row. */
  async arms({
    evaluationId,
    computedWith,
    retry,
    armId,
    firstCase,
  }: ClaimedBatch): Promise<ClaimedArm[]> {
    return this.#database.prisma.$queryRaw<ClaimedArm[]>`
      SELECT a."id", a."name", a."method", a."hyperparameters", a."defaults" FROM "evaluation_arm" a
      WHERE a."evaluation_id" = ${evaluationId}::uuid AND a."computed_with" = ${computedWith}
        AND (${armId}::uuid IS NULL OR a."id" = ${armId}::uuid)
        AND (NOT ${retry} OR NOT EXISTS (
          SELECT 1 FROM "case_result" r WHERE r."arm_id" = a."id" AND r."place" = ${firstCase}))
      ORDER BY a."place"`
  }

  /** Cases of a batch in the order of the slice. */
  async cases({ evaluationId, firstCase, cases }: ClaimedBatch): Promise<ClaimedCase[]> {
    return this.#database.prisma.$queryRaw<ClaimedCase[]>`
      SELECT (${firstCase}::int + o."ordinal" - 1)::int AS "place", c."case_id" AS "caseId", c."relation", c."record"
      FROM "evaluation" e JOIN "slice" s ON s."id" = e."slice_id"
        CROSS JOIN LATERAL unnest(s."places"[${firstCase}::int + 1 : ${firstCase}::int + ${cases}::int])
          WITH ORDINALITY AS o("place", "ordinal")
        JOIN "dataset_case" c ON c."dataset_id" = s."dataset_id" AND c."place" = o."place"
      WHERE e."id" = ${evaluationId}::uuid ORDER BY o."ordinal"`
  }

  /** @param receipt what the rows depend on; null of failures */
  async store(held: Fence, rows: readonly RowToStore[], receipt: object | null): Promise<Stored> {
    const client = await this.#database.pool.connect()
    try {
      await client.query('BEGIN')
      const stored = await this.#write(client, held, rows, receipt)
      await client.query(stored ? 'COMMIT' : 'ROLLBACK')
      client.release()
      if (stored) return 'stored'
    } catch (error) {
      client.release(true)
      throw error
    }
    return (await this.#ended(held)) ? 'already' : 'lost'
  }

  async #write(
    client: pg.PoolClient,
    held: Fence,
    rows: readonly RowToStore[],
    receipt: object | null,
  ): Promise<boolean> {
    const open = await client.query(touch, [held.evaluationId])
    if (open.rowCount === 0) return false
    const { id, leaseEpoch, owner } = held
    const ended = await client.query(insert, [id, leaseEpoch, owner, jsonOf(rows)])
    if (ended.rows[0]?.batches !== '1') return false
    if (receipt !== null) {
      const arms = [...new Set(rows.map(({ armId }) => armId))]
      await client.query(keepReceipt, [arms, jsonOf(receipt), owner])
    }
    const finished = await client.query(finish, [held.evaluationId])
    if (finished.rowCount === 1 || open.rows[0]?.due === true)
      await client.query(`SELECT pg_notify('imprint_run', $1)`, [held.evaluationId])
    return true
  }

  /** Only the claim of an epoch ends a batch in it. */
  async #ended({ id, leaseEpoch }: Fence): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "evaluation_batch" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'DONE'`
    return rows.length > 0
  }
}

/** Locks the evaluation, so that of two workers with the last two batches the second sees the first one's. */
const touch = `
  WITH "due" AS (
    SELECT coalesce("notified_at" < clock_timestamp() - INTERVAL '1 second', true) AS "now" FROM "evaluation" WHERE "id" = $1
  )
  UPDATE "evaluation" e SET "progress_version" = "progress_version" + 1,
    "state" = CASE WHEN e."state" = 'QUEUED' THEN 'RUNNING' ELSE e."state" END,
    "notified_at" = CASE WHEN "due"."now" THEN clock_timestamp() ELSE "notified_at" END
  FROM "due" WHERE e."id" = $1 AND e."state" IN ('QUEUED', 'RUNNING', 'PAUSED') RETURNING "due"."now" AS "due"`

const insert = `
  WITH "ended" AS (
    UPDATE "evaluation_batch" SET "state" = 'DONE', "finished_at" = clock_timestamp(), "lease_owner" = NULL,
      "lease_until" = NULL
    WHERE "id" = $1 AND "lease_epoch" = $2 AND "lease_owner" = $3 AND "state" = 'RUNNING'
    RETURNING "evaluation_id", "lease_epoch"
  ), "stored" AS (
    INSERT INTO "case_result" ("arm_id", "place", "evaluation_id", "kind", "case_id", "relation", "metrics", "before",
      "prompts", "record", "edit_milliseconds", "measure_milliseconds", "peak_bytes", "worker_id", "lease_epoch")
    SELECT r."armId", r."place", "ended"."evaluation_id", r."kind", r."caseId", r."relation", r."metrics", r."before",
      r."prompts", r."record", r."editMilliseconds", r."measureMilliseconds", r."peakBytes", $3, "ended"."lease_epoch"
    FROM "ended" CROSS JOIN json_to_recordset($4::json) AS r("armId" uuid, "place" int, "kind" "ResultKind", "caseId" text,
      "relation" text, "metrics" float8[], "before" float8[], "prompts" jsonb, "record" jsonb,
      "editMilliseconds" float8, "measureMilliseconds" float8, "peakBytes" float8)
    ON CONFLICT ("arm_id", "place") DO NOTHING RETURNING 1
  )
  SELECT (SELECT count(*) FROM "ended") AS "batches", (SELECT count(*) FROM "stored") AS "rows"`

/** The first receipt stays; what differs from it, because another worker computed, stands beside it, once each. */
const keepReceipt = `
  UPDATE "evaluation_arm" SET "receipt" = CASE WHEN "receipt" IS NULL THEN $2::jsonb
    ELSE "receipt" || jsonb_build_object('others', coalesce("receipt"->'others', '[]') ||
      jsonb_build_array($2::jsonb || jsonb_build_object('worker', $3::text))) END
  WHERE "id" = ANY($1::uuid[]) AND ("receipt" IS NULL OR ("receipt" - 'others' <> $2::jsonb
    AND NOT coalesce("receipt"->'others', '[]') @> jsonb_build_array($2::jsonb)
    AND jsonb_array_length(coalesce("receipt"->'others', '[]')) < 16))`

const finish = `
  UPDATE "evaluation" e SET "state" = 'DONE', "finished_at" = clock_timestamp(), "notified_at" = clock_timestamp(),
    "error" = NULL
  WHERE e."id" = $1 AND e."state" IN ('QUEUED', 'RUNNING', 'PAUSED') AND NOT EXISTS (
    SELECT 1 FROM "evaluation_batch" b WHERE b."evaluation_id" = e."id" AND b."state" <> 'DONE')`

const notStorable = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** JSON that PostgreSQL takes: no NUL, no half of a surrogate pair, numbers that JSON has no word for as text. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'string') return one.replace(notStorable, '\uFFFD')
    return typeof one === 'number' && !Number.isFinite(one) ? String(one) : one
  })
}
