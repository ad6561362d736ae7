// Rows of workers and the depth of every queue, for the page of workers.
import type { Database } from '../../database/index.js'
import type { WorkerStatus } from '../../jobs/worker-activity.js'
import type { MachineDevices } from '../../jobs/worker.repository.js'

export interface WorkerRow {
  readonly id: string
  readonly startedAt: Date
  readonly seenAt: Date
  readonly alive: boolean
  readonly devices: MachineDevices | null
  readonly status: WorkerStatus | null
}

export interface QueueRow {
  readonly runs: number
  readonly edits: number
  readonly batches: number
  readonly slices: number
  readonly figures: number
  readonly imports: number
}

export class WorkerReportRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  workers(): Promise<WorkerRow[]> {
    return this.#database.prisma.$queryRaw<WorkerRow[]>`
      SELECT "id", "started_at" AS "startedAt", "seen_at" AS "seenAt", "devices", "status",
        "seen_at" > clock_timestamp() - INTERVAL '30 seconds' AS "alive"
      FROM "worker" WHERE "seen_at" > clock_timestamp() - INTERVAL '1 day' ORDER BY "alive" DESC, "started_at", "id"`
  }

  async queue(): Promise<QueueRow> {
    const rows = await this.#database.prisma.$queryRaw<[QueueRow]>`
      SELECT (SELECT count(*) FROM "lens_run" WHERE "state" = 'QUEUED')::int AS "runs",
        (SELECT count(*) FROM "edit_task" WHERE "state" = 'QUEUED')::int AS "edits",
        (SELECT count(*) FROM "evaluation_batch" b JOIN "evaluation" e ON e."id" = b."evaluation_id"
          WHERE b."state" = 'QUEUED' AND e."state" IN ('QUEUED', 'RUNNING'))::int AS "batches",
        (SELECT count(*) FROM "slice" WHERE "state" = 'QUEUED')::int AS "slices",
        (SELECT count(*) FROM "figure_set" WHERE "state" = 'QUEUED')::int AS "figures",
        (SELECT count(*) FROM "model_import" WHERE "state" = 'QUEUED')::int AS "imports"`
    return rows[0]
  }
}
