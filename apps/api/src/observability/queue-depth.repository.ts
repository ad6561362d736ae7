// How much waits and how much is being worked on, by kind, counted in the tables that are the truth.
import type { Database } from '../database/index.js'

export interface QueueCount {
  readonly kind: string
  readonly state: 'waiting' | 'running'
  readonly count: number
}

/** Kind in metrics -> its table. */
const tables = {
  run: 'lens_run',
  edit: 'edit_task',
  slice: 'slice',
  figures: 'figure_set',
  interference: 'interference_map',
  model_import: 'model_import',
  dataset_import: 'dataset_import',
  vectors: 'vector_file',
} as const

const batches = `
  SELECT 'batch' AS "kind", b."state"::text AS "state", count(*)::int AS "count"
  FROM "evaluation_batch" b JOIN "evaluation" e ON e."id" = b."evaluation_id"
  WHERE b."state" IN ('QUEUED', 'RUNNING') AND e."state" IN ('QUEUED', 'RUNNING') GROUP BY b."state"`

const statement = Object.entries(tables)
  .map(
    ([kind, table]) => `
  SELECT '${kind}' AS "kind", "state"::text AS "state", count(*)::int AS "count"
  FROM "${table}" WHERE "state" IN ('QUEUED', 'RUNNING') GROUP BY "state"`,
  )
  .concat(batches)
  .join('\n  UNION ALL')

export const queueKinds: readonly string[] = [...Object.keys(tables), 'batch']

export class QueueDepthRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A row for every kind and state, zeros too. */
  async read(): Promise<readonly QueueCount[]> {
    const { rows } = await this.#database.pool.query<{
      kind: string
      state: string
      count: number
    }>(statement)
    const counted = (kind: string, state: string): number =>
      rows.find((row) => row.kind === kind && row.state === state)?.count ?? 0
    return queueKinds.flatMap((kind) => [
      { kind, state: 'waiting' as const, count: counted(kind, 'QUEUED') },
      { kind, state: 'running' as const, count: counted(kind, 'RUNNING') },
    ])
  }

  /** Cases per second that the workers alive say they compute, together. */
  async casesPerSecond(): Promise<number> {
    const { rows } = await this.#database.pool.query<{ rate: number }>(`
      SELECT coalesce(sum(("status"->>'casesPerSecond')::float8), 0)::float8 AS "rate" FROM "worker"
      WHERE "seen_at" > clock_timestamp() - INTERVAL '30 seconds'`)
    return rows[0]?.rate ?? 0
  }
}
