// Leases of batches of cases: the truth about which worker may write their rows. Every write names the epoch it was given; only
// the database's clock counts. Locks are always taken in this order: the evaluation, then its batches; a claim takes one batch.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import { mostCrashes } from './evaluation-claim.js'
import type { BatchFailure, ClaimedBatch } from './evaluation-claim.js'

type Held = Pick<ClaimedBatch, 'id' | 'evaluationId' | 'leaseEpoch' | 'owner'>

/** A model that unfinished batches need. */
export interface NeededModel {
  readonly id: string
  readonly name: string
  readonly directory: string
  readonly digest: string
}

/** What a worker can compute: other batches are left to others. */
export interface WorkerOffer {
  readonly modelIds: readonly string[]
  /** Providers in the engine's words, beside `auto`. */
  readonly providers: readonly string[]
}

export class EvaluationLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Models of evaluations that are under way. */
  neededModels(): Promise<NeededModel[]> {
    return this.#database.prisma.$queryRaw<NeededModel[]>`
      SELECT m."id", m."name", m."directory", m."digest" FROM "model" m WHERE m."id" IN (
        SELECT a."model_id" FROM "evaluation" e JOIN "evaluation_arm" a ON a."evaluation_id" = e."id"
        WHERE e."state" IN ('QUEUED', 'RUNNING'))`
  }

  /**
   * Takes the next batch that waits or whose lease ran out: highest priority first, then the team, the project and the
   * evaluation with the fewest batches under way, then the oldest. Null when there is none for this worker.
   */
  async claim(owner: string, { modelIds, providers }: WorkerOffer): Promise<ClaimedBatch | null> {
    if (modelIds.length === 0) return null
    const rows = await this.#database.prisma.$queryRaw<ClaimedBatch[]>`
      WITH "busy" AS (
        SELECT e."id", e."project_id", p."team_id", count(*) AS "batches"
        FROM "evaluation" e JOIN "project" p ON p."id" = e."project_id"
          JOIN "evaluation_batch" b ON b."evaluation_id" = e."id" AND b."state" <> 'DONE'
        WHERE e."state" IN ('QUEUED', 'RUNNING', 'PAUSED') AND b."state" = 'RUNNING'
          AND b."lease_until" >= clock_timestamp()
        GROUP BY e."id", e."project_id", p."team_id"
      ), "ranked" AS MATERIALIZED (
        SELECT e."id" FROM "evaluation" e JOIN "project" p ON p."id" = e."project_id"
        WHERE e."state" IN ('QUEUED', 'RUNNING')
          AND e."settings"->>'provider' = ANY(${['auto', ...providers]}::text[])
        ORDER BY e."priority" DESC,
          (SELECT coalesce(sum("batches"), 0) FROM "busy" WHERE "busy"."team_id" = p."team_id"),
          (SELECT coalesce(sum("batches"), 0) FROM "busy" WHERE "busy"."project_id" = p."id"),
          (SELECT coalesce(sum("batches"), 0) FROM "busy" WHERE "busy"."id" = e."id"),
          e."queued_at", e."id"
      ), "next" AS (
        SELECT n."id", n."state" FROM "ranked" CROSS JOIN LATERAL (
          SELECT b."id", b."state" FROM "evaluation_batch" b
          WHERE b."evaluation_id" = "ranked"."id" AND b."state" <> 'DONE'
            AND (b."state" = 'QUEUED' OR b."lease_until" < clock_timestamp())
            AND EXISTS (SELECT 1 FROM "evaluation_arm" a WHERE a."evaluation_id" = b."evaluation_id"
              AND a."computed_with" = b."computed_with" AND a."model_id" = ANY(${[...modelIds]}::uuid[]))
          ORDER BY b."computed_with", b."first_case" LIMIT 1 FOR UPDATE SKIP LOCKED
        ) n LIMIT 1
      ), "claimed" AS (
        UPDATE "evaluation_batch" b SET "state" = 'RUNNING', "lease_owner" = ${owner},
          "lease_epoch" = b."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()}, "started_at" = clock_timestamp(),
          "losses" = b."losses" + ("next"."state" = 'RUNNING')::int
        FROM "next" WHERE b."id" = "next"."id"
        RETURNING b.*, "next"."state" = 'RUNNING' AS "was_lost"
      )
      SELECT c."id", c."evaluation_id" AS "evaluationId", c."lease_owner" AS "owner", c."lease_epoch" AS "leaseEpoch",
        c."computed_with" AS "computedWith", c."first_case" AS "firstCase", c."cases", c."retry",
        c."arm_id" AS "armId", c."crashes", c."losses",
        c."was_lost" AS "lost", c."crashes" + 1 AS "attempt", e."protocol", e."seed", e."settings",
        (SELECT a."model_id" FROM "evaluation_arm" a WHERE a."evaluation_id" = c."evaluation_id"
          AND a."computed_with" = c."computed_with" LIMIT 1) AS "modelId"
      FROM "claimed" c JOIN "evaluation" e ON e."id" = c."evaluation_id"`
    const claimed = rows[0] ?? null
    if (claimed !== null) await this.#begin(claimed.evaluationId)
    return claimed
  }

  /** Prolongs the lease; false when it is somebody else's by now, or the evaluation was cancelled, deleted or has failed. */
  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch, owner }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "evaluation_batch" b JOIN "evaluation" e ON e."id" = b."evaluation_id"
      WHERE b."id" = ${id}::uuid AND b."lease_epoch" = ${leaseEpoch} AND b."lease_owner" = ${owner}
        AND b."state" = 'RUNNING' AND e."state" IN ('QUEUED', 'RUNNING', 'PAUSED')`
    return rows.length > 0
  }

  /** Gives a batch back as if it had not been claimed: for a worker that is told to stop, or that cannot compute it. */
  async giveBack(held: Held): Promise<boolean> {
    const given = await this.#write(held, released)
    if (given) await this.tellWatchers(held.evaluationId)
    return given
  }

  /** Gives a batch back that took the engine down, to be tried once more. */
  countCrash(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`${released}, "crashes" = "crashes" + 1`)
  }

  /** Tells those who watch an evaluation, or any that is under way, that what workers can compute has changed. */
  async tellWatchers(evaluationId: string | null = null): Promise<void> {
    await this.#database.prisma.$queryRaw`
      WITH "open" AS (
        SELECT "id" FROM "evaluation" WHERE "state" IN ('QUEUED', 'RUNNING')
          AND (${evaluationId}::uuid IS NULL OR "id" = ${evaluationId}::uuid) ORDER BY "id" FOR NO KEY UPDATE
      )
      UPDATE "evaluation" e SET "progress_version" = "progress_version" + 1, "notified_at" = clock_timestamp()
      FROM "open" WHERE e."id" = "open"."id" RETURNING pg_notify('imprint_run', e."id"::text)::text`
  }

  /** Cuts a batch that took the engine down into batches of one case and one arm each, which remember it. False when the lease was lost. */
  split(held: ClaimedBatch): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT 1 FROM "evaluation" WHERE "id" = ${held.evaluationId}::uuid FOR NO KEY UPDATE`
      const cut = await transaction.$executeRaw`
        WITH "whole" AS (DELETE FROM "evaluation_batch" WHERE ${fence(held)} RETURNING *)
        INSERT INTO "evaluation_batch" ("id", "evaluation_id", "computed_with", "first_case", "cases", "arm_id", "retry", "crashes")
        SELECT gen_random_uuid(), w."evaluation_id", w."computed_with", w."first_case" + s."offset", 1, a."id", w."retry",
          w."crashes" + 1
        FROM "whole" w CROSS JOIN LATERAL generate_series(0, w."cases" - 1) AS s("offset")
          JOIN "evaluation_arm" a ON a."evaluation_id" = w."evaluation_id" AND a."computed_with" = w."computed_with"
        WHERE (w."arm_id" IS NULL OR a."id" = w."arm_id") AND (NOT w."retry" OR NOT EXISTS (
          SELECT 1 FROM "case_result" r WHERE r."arm_id" = a."id" AND r."place" = w."first_case" + s."offset"))`
      return cut > 0
    })
  }

  /** Ends the whole evaluation for something that every case would meet. False when the lease was lost. */
  failEvaluation(held: ClaimedBatch, { code, message, cure }: BatchFailure): Promise<boolean> {
    const error = JSON.stringify({ code, message, cure, attempt: held.attempt, retried: false })
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.$queryRaw<unknown[]>`
        UPDATE "evaluation" SET "state" = 'FAILED', "error" = ${error}::jsonb, "finished_at" = clock_timestamp(),
          "progress_version" = "progress_version" + 1, "notified_at" = clock_timestamp()
        WHERE "id" = ${held.evaluationId}::uuid AND "state" IN ('QUEUED', 'RUNNING', 'PAUSED')
          AND EXISTS (SELECT 1 FROM "evaluation_batch" WHERE ${fence(held)})
        RETURNING pg_notify('imprint_run', "id"::text)::text`
      if (rows.length === 0) return false
      await transaction.$executeRaw`
        UPDATE "evaluation_batch" SET ${released}, "lease_epoch" = "lease_epoch" + 1
        WHERE "evaluation_id" = ${held.evaluationId}::uuid AND "state" = 'RUNNING'`
      return true
    })
  }

  /** Whether one more crash of this batch, of one case and one arm, is its last. */
  isLastCrash({ crashes }: ClaimedBatch): boolean {
    return crashes + 1 >= mostCrashes
  }

  /** Says that an evaluation has begun, or goes on; watchers are told once a second at most. */
  async #begin(evaluationId: string): Promise<void> {
    await this.#database.prisma.$queryRaw`
      WITH "due" AS (
        SELECT coalesce("notified_at" < clock_timestamp() - INTERVAL '1 second', true) AS "now"
        FROM "evaluation" WHERE "id" = ${evaluationId}::uuid
      )
      UPDATE "evaluation" e SET "state" = 'RUNNING', "started_at" = coalesce("started_at", clock_timestamp()),
        "progress_version" = "progress_version" + 1,
        "notified_at" = CASE WHEN "due"."now" THEN clock_timestamp() ELSE "notified_at" END
      FROM "due" WHERE e."id" = ${evaluationId}::uuid AND e."state" IN ('QUEUED', 'RUNNING')
      RETURNING CASE WHEN "due"."now" THEN pg_notify('imprint_run', e."id"::text)::text END`
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  async #write(held: Held, changes: Prisma.Sql): Promise<boolean> {
    const written = await this.#database.prisma.$executeRaw`
      UPDATE "evaluation_batch" b SET ${changes} WHERE ${fence(held)} AND EXISTS (SELECT 1 FROM "evaluation" e
        WHERE e."id" = b."evaluation_id" AND e."state" IN ('QUEUED', 'RUNNING', 'PAUSED'))`
    return written > 0
  }
}

const released = Prisma.sql`"state" = 'QUEUED', "lease_owner" = NULL, "lease_until" = NULL`

const fence = ({ id, leaseEpoch, owner }: Held): Prisma.Sql =>
  Prisma.sql`"id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "lease_owner" = ${owner} AND "state" = 'RUNNING'`
