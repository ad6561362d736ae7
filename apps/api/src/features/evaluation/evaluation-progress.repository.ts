// Counts, rates and means of evaluations, always from their rows: nothing is added up anywhere else.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { WaitingEvaluation } from './why-nobody.js'

export interface ArmCounts {
  readonly armId: string
  readonly evaluationId: string
  /** Rows, failures included. */
  readonly done: number
  readonly failed: number
  readonly secondsPerEdit: number | null
  readonly peakBytes: number | null
}

export interface Pace {
  /** Rows a second: over the last minute, or over the last ten where the last had none. */
  readonly rowsPerSecond: number | null
  readonly running: readonly RunningRow[]
}

export interface RunningRow {
  readonly workerId: string
  readonly device: string | null
  readonly firstCase: number
  readonly cases: number
  readonly arms: string[]
  readonly seconds: number
}

/** Mean and spread of one metric of one arm. */
export interface MetricSum {
  readonly armId: string
  /** Place of the metric in the protocol's table. */
  readonly metric: number
  readonly n: number
  readonly mean: number | null
  readonly sd: number | null
}

export class EvaluationProgressRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Counts of every arm that has a row. */
  counts(evaluationIds: readonly string[]): Promise<ArmCounts[]> {
    return this.#database.prisma.$queryRaw<ArmCounts[]>`
      SELECT "arm_id" AS "armId", "evaluation_id" AS "evaluationId", count(*)::int AS "done",
        (count(*) FILTER (WHERE "kind" = 'FAILURE'))::int AS "failed",
        avg("edit_milliseconds") / 1000 AS "secondsPerEdit", max("peak_bytes") AS "peakBytes"
      FROM "case_result" WHERE "evaluation_id" = ANY(${[...evaluationIds]}::uuid[]) GROUP BY "evaluation_id", "arm_id"`
  }

  async pace(evaluationId: string): Promise<Pace> {
    const [rates, running] = await Promise.all([
      this.#database.prisma.$queryRaw<{ rate: number | null }[]>`
        SELECT CASE WHEN "minute" > 0 THEN "minute" / ${secondsAtWork(evaluationId, 60)}
          WHEN "ten" > 0 THEN "ten" / ${secondsAtWork(evaluationId, 600)} END AS "rate"
        FROM (
          SELECT count(*) FILTER (WHERE r."created_at" > clock_timestamp() - INTERVAL '60 seconds')::float8 AS "minute",
            count(r."arm_id")::float8 AS "ten"
          FROM "case_result" r WHERE r."evaluation_id" = ${evaluationId}::uuid
            AND r."created_at" > clock_timestamp() - INTERVAL '600 seconds'
        ) AS "counted"`,
      this.#running(evaluationId),
    ])
    return { rowsPerSecond: rates[0]?.rate ?? null, running }
  }

  #running(evaluationId: string): Promise<RunningRow[]> {
    return this.#database.prisma.$queryRaw<RunningRow[]>`
      SELECT b."lease_owner" AS "workerId", w."devices"->'auto'->>'device' AS "device", b."first_case" AS "firstCase",
        b."cases", greatest(0, EXTRACT(EPOCH FROM clock_timestamp() - b."started_at"))::float8 AS "seconds",
        ARRAY(SELECT a."name" FROM "evaluation_arm" a WHERE a."evaluation_id" = b."evaluation_id"
          AND a."computed_with" = b."computed_with" AND (b."arm_id" IS NULL OR a."id" = b."arm_id")
          ORDER BY a."place") AS "arms"
      FROM "evaluation_batch" b LEFT JOIN "worker" w ON w."id" = b."lease_owner"
      WHERE b."evaluation_id" = ${evaluationId}::uuid AND b."state" = 'RUNNING' AND b."lease_until" > clock_timestamp()
      ORDER BY b."computed_with", b."first_case" LIMIT 100`
  }

  /** What is left of an evaluation needs, and what the workers that are alive say of themselves. */
  async waiting(evaluationId: string): Promise<WaitingEvaluation> {
    const rows = await this.#database.prisma.$queryRaw<[WaitingEvaluation]>`
      SELECT e."settings"->>'provider' AS "provider",
        EXISTS (SELECT 1 FROM "evaluation_batch" b WHERE b."evaluation_id" = e."id" AND b."state" = 'RUNNING'
          AND b."lease_until" > clock_timestamp()) AS "running",
        coalesce((SELECT jsonb_agg(jsonb_build_object('id', m."id", 'name', m."name") ORDER BY m."name", m."id")
          FROM "model" m WHERE m."id" IN (SELECT a."model_id" FROM "evaluation_arm" a JOIN "evaluation_batch" b
            ON b."evaluation_id" = a."evaluation_id" AND b."computed_with" = a."computed_with"
            WHERE a."evaluation_id" = e."id" AND b."state" <> 'DONE')), '[]') AS "models",
        coalesce((SELECT jsonb_agg(jsonb_build_object('status', w."status", 'devices', w."devices") ORDER BY w."started_at")
          FROM "worker" w WHERE w."seen_at" > clock_timestamp() - INTERVAL '30 seconds'), '[]') AS "workers"
      FROM "evaluation" e WHERE e."id" = ${evaluationId}::uuid`
    return rows[0]
  }

  /** Means of the first `metrics` metrics of every arm, the rows in the order of the cases. */
  async means(evaluationId: string, metrics: number): Promise<MetricSum[]> {
    const places = Array.from({ length: metrics }, (_, index) => index + 1)
    const columns = places.map((place) => {
      const value = Prisma.sql`r."m"[${Prisma.raw(String(place))}]`
      const known = Prisma.sql`FILTER (WHERE ${value} <> 'NaN'::float8)`
      return Prisma.sql`jsonb_build_array(count(${value}) ${known}, avg(${value}) ${known}, stddev_samp(${value}) ${known})`
    })
    const rows = await this.#database.prisma.$queryRaw<ArmMeans[]>`
      SELECT r."arm_id" AS "armId", jsonb_build_array(${Prisma.join(columns)}) AS "sums" FROM (
        SELECT "arm_id", "metrics" AS "m" FROM "case_result"
        WHERE "evaluation_id" = ${evaluationId}::uuid AND "kind" = 'ROW' ORDER BY "arm_id", "place"
      ) r GROUP BY r."arm_id"`
    return rows.flatMap(({ armId, sums }) =>
      sums.map(([n, mean, sd], metric) => ({ armId, metric, n, mean, sd })),
    )
  }
}

interface ArmMeans {
  readonly armId: string
  readonly sums: readonly (readonly [n: number, mean: number | null, sd: number | null])[]
}

/** Of the last so many seconds those since the first batch in them began: one that was extended or resumed did nothing before. */
const secondsAtWork = (evaluationId: string, last: number): Prisma.Sql => Prisma.sql`(
  SELECT greatest(1, least(${last}, EXTRACT(EPOCH FROM clock_timestamp() - min(b."started_at")))::float8)
  FROM "evaluation_batch" b WHERE b."evaluation_id" = ${evaluationId}::uuid AND (b."state" = 'RUNNING'
    OR b."finished_at" > clock_timestamp() - make_interval(secs => ${last}::float8)))`
