// What earlier rows of a model and method took, for estimates.
import type { Database } from '../../database/index.js'

export interface Typical {
  /** Editing and measuring one case. */
  readonly seconds: number | null
  /** Of one row in the database. */
  readonly bytes: number | null
}

export class EvaluationEstimateRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Means of the newest rows of the last few arms like this one, with or without texts; null where there is none. */
  async typical(
    projectId: string,
    arm: { readonly modelId: string; readonly method: string; readonly generation: boolean },
  ): Promise<Typical> {
    const { modelId, method, generation } = arm
    const rows = await this.#database.prisma.$queryRaw<Typical[]>`
      SELECT avg(r."milliseconds") / 1000 AS "seconds", avg(r."bytes")::float8 AS "bytes" FROM (
        SELECT a."id" FROM "evaluation_arm" a JOIN "evaluation" e ON e."id" = a."evaluation_id"
        WHERE a."model_id" = ${modelId}::uuid AND a."method" = ${method} AND e."project_id" = ${projectId}::uuid
          AND (e."settings"->'generation' <> 'null'::jsonb) = ${generation}
        ORDER BY e."created_at" DESC LIMIT 5
      ) a CROSS JOIN LATERAL (
        SELECT "edit_milliseconds" + "measure_milliseconds" AS "milliseconds",
          pg_column_size("record") + pg_column_size("prompts") + pg_column_size("metrics") AS "bytes"
        FROM "case_result" WHERE "arm_id" = a."id" AND "kind" = 'ROW' LIMIT 50
      ) r`
    return rows[0] ?? { seconds: null, bytes: null }
  }
}
