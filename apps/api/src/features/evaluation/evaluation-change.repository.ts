// The statements by which batches come into being and go back to waiting. Always after the evaluation's row was locked.
import { Prisma } from '../../database/generated/client.js'

export type Transaction = Prisma.TransactionClient

export interface ArmValues {
  readonly name: string
  readonly modelId: string
  readonly method: string
  /** Complete. */
  readonly hyperparameters: object
  readonly defaults: string
}

export interface BatchesWanted {
  readonly computedWith: readonly number[]
  /** First case, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly casesPerBatch: number
}

/**
 * Batches of cases in a row for each group of arms. They begin at multiples of their size, so that cases added later are cut
 * as if they had been there from the beginning.
 */
export async function addBatches(
  transaction: Transaction,
  evaluationId: string,
  { computedWith, from, to, casesPerBatch }: BatchesWanted,
): Promise<void> {
  await transaction.$executeRaw`
    INSERT INTO "evaluation_batch" ("id", "evaluation_id", "computed_with", "first_case", "cases")
    SELECT gen_random_uuid(), ${evaluationId}::uuid, g."group", greatest(s."start", ${from}::int),
      least(s."start" + ${casesPerBatch}::int, ${to}::int) - greatest(s."start", ${from}::int)
    FROM unnest(${[...computedWith]}::int[]) AS g("group") CROSS JOIN generate_series(
      ${from}::int - ${from}::int % ${casesPerBatch}::int, ${to}::int - 1, ${casesPerBatch}::int) AS s("start")`
}

/** Arms behind those that are there; those of one model are computed together. Returns their groups. */
export async function addArms(
  transaction: Transaction,
  evaluationId: string,
  arms: readonly ArmValues[],
): Promise<number[]> {
  const [last] = await transaction.$queryRaw<{ place: number; group: number }[]>`
    SELECT coalesce(max("place"), -1) AS "place", coalesce(max("computed_with"), -1) AS "group"
    FROM "evaluation_arm" WHERE "evaluation_id" = ${evaluationId}::uuid`
  const place = (last?.place ?? -1) + 1
  const group = (last?.group ?? -1) + 1
  const models = [...new Set(arms.map(({ modelId }) => modelId))]
  await transaction.evaluationArm.createMany({
    data: arms.map((arm, index) => ({
      ...{ evaluationId, place: place + index, computedWith: group + models.indexOf(arm.modelId) },
      ...arm,
    })),
  })
  return models.map((_, index) => group + index)
}

/** Takes every lease of an evaluation away: what is being computed will not be stored. */
export async function revokeLeases(transaction: Transaction, evaluationId: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "evaluation_batch" SET "state" = 'QUEUED', "lease_owner" = NULL, "lease_until" = NULL,
      "lease_epoch" = "lease_epoch" + 1 WHERE "evaluation_id" = ${evaluationId}::uuid AND "state" = 'RUNNING'`
}

/**
 * Forgets failures and has their cases computed again for the arms that failed: a batch that failed wholly as that batch, which
 * gives the numbers it would have given; others case by case. Where the other arms of a case still wait in batches of their own,
 * each arm by itself: a batch of all arms would compute theirs, too. Returns how many there were.
 */
export async function requeueFailures(
  transaction: Transaction,
  evaluationId: string,
): Promise<number> {
  const rows = await transaction.$queryRaw<{ failures: number }[]>`
    WITH "gone" AS (
      DELETE FROM "case_result" WHERE "evaluation_id" = ${evaluationId}::uuid AND "kind" = 'FAILURE'
      RETURNING "arm_id", "place"
    ), "failed" AS (
      SELECT g."arm_id", g."place", b."id" AS "batch", b."first_case", b."cases", a."computed_with" AS "group"
      FROM "gone" g JOIN "evaluation_arm" a ON a."id" = g."arm_id"
      LEFT JOIN "evaluation_batch" b ON b."evaluation_id" = ${evaluationId}::uuid AND NOT b."retry"
        AND b."computed_with" = a."computed_with" AND (b."arm_id" IS NULL OR b."arm_id" = g."arm_id")
        AND g."place" >= b."first_case" AND g."place" < b."first_case" + b."cases"
    ), "whole" AS (
      SELECT "batch" FROM "failed" WHERE "batch" IS NOT NULL GROUP BY "batch", "cases"
      HAVING count(*) = "cases" * count(DISTINCT "arm_id")
    ), "wanted" AS (
      SELECT "group", "arm_id", "first_case", "cases" FROM "failed" WHERE "batch" IN (SELECT "batch" FROM "whole")
      UNION
      SELECT "group", "arm_id", "place", 1 FROM "failed" WHERE "batch" IS NULL OR "batch" NOT IN (SELECT "batch" FROM "whole")
    ), "again" AS (
      SELECT DISTINCT "group", "first_case", "cases", CASE WHEN EXISTS (
        SELECT 1 FROM "evaluation_batch" b WHERE b."evaluation_id" = ${evaluationId}::uuid AND b."state" <> 'DONE'
          AND b."computed_with" = "group" AND b."first_case" < w."first_case" + w."cases"
          AND w."first_case" < b."first_case" + b."cases") THEN "arm_id" END AS "only"
      FROM "wanted" w
    ), "added" AS (
      INSERT INTO "evaluation_batch" ("id", "evaluation_id", "computed_with", "first_case", "cases", "arm_id", "retry")
      SELECT gen_random_uuid(), ${evaluationId}::uuid, "group", "first_case", "cases", "only", true FROM "again"
    )
    SELECT count(*)::int AS "failures" FROM "gone"`
  return rows[0]?.failures ?? 0
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
export async function ring(
  transaction: Transaction,
  evaluationId: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${evaluationId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('evaluation', json_build_object('evaluationId', ${evaluationId}::text),
      max_attempts := 1)`
}
