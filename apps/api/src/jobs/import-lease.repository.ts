// Leases of imports: the truth about which worker may write to one. As for runs, every write names the epoch it was given.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { ImportProgress } from '../engine/import-protocol.js'
import type { ModelValues } from '../features/model/model.repository.js'
import { importStages } from '../vocabulary/names.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedImport {
  readonly id: string
  readonly leaseEpoch: number
  readonly attempt: number
  readonly projectId: string
  readonly source: string
  readonly name: string
}

type Held = Pick<ClaimedImport, 'id' | 'leaseEpoch'>

const workerLost = {
  code: 'WORKER_LOST',
  message: 'The worker that brought this model in stopped answering.',
  cure: 'Try again: what has arrived is kept. The worker’s log may say why it stopped.',
} satisfies AttemptFailure

const lostError = JSON.stringify(workerLost)

export class ImportLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest import that waits or whose lease ran out; null when there is none. */
  async claim(owner: string): Promise<ClaimedImport | null> {
    const rows = await this.#database.prisma.$queryRaw<ClaimedImport[]>`
      WITH "next" AS (
        SELECT "id", "state" FROM "model_import"
        WHERE "state" = 'QUEUED'
          OR ("state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" < ${mostAttempts})
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      UPDATE "model_import" i SET "state" = 'RUNNING', "stage" = 'RESOLVING', "attempt" = i."attempt" + 1,
        "error" = CASE WHEN "next"."state" = 'RUNNING'
          THEN ${lostError}::jsonb || jsonb_build_object('attempt', i."attempt", 'retried', true)
          ELSE i."error" END,
        "lease_owner" = ${owner}, "lease_epoch" = i."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
        "started_at" = coalesce(i."started_at", clock_timestamp()), "progress_version" = i."progress_version" + 1
      FROM "next" WHERE i."id" = "next"."id"
      RETURNING i."id", i."lease_epoch" AS "leaseEpoch", i."attempt", i."project_id" AS "projectId", i."source",
        i."name", pg_notify('imprint_run', i."id"::text)::text`
    return rows[0] ?? null
  }

  /** Ends imports whose last attempt's lease ran out. */
  async failExhausted(): Promise<number> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "model_import" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), ${released},
        "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false)
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length
  }

  /** Prolongs the lease; false when it is somebody else's by now, or the import was cancelled or deleted. */
  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "model_import" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  setProgress(held: Held, progress: ImportProgress): Promise<boolean> {
    const { file, fileIndex, files, receivedBytes, totalBytes, bytesPerSecond, secondsLeft } =
      progress
    const stage = importStages.fromEngine(progress.stage)
    const counted = files > 0
    return this.#change(
      held,
      Prisma.sql`"stage" = ${stage}::"ImportStage", "file" = ${file}, "file_index" = ${counted ? fileIndex : null}::int,
        "file_count" = ${counted ? files : null}::int, "bytes_per_second" = ${bytesPerSecond}::float8,
        "received_bytes" = ${counted ? BigInt(receivedBytes) : null}::bigint,
        "total_bytes" = ${totalBytes > 0 ? BigInt(totalBytes) : null}::bigint, "seconds_left" = ${secondsLeft}::float8`,
    )
  }

  addNote(held: Held, sentence: string): Promise<boolean> {
    return this.#change(held, Prisma.sql`"notes" = array_append("notes", ${sentence})`)
  }

  /** Writes the model's row and ends the import, both or neither; false when the lease was lost. */
  async storeDone(held: ClaimedImport, values: ModelValues): Promise<boolean> {
    const { projectId, id, leaseEpoch } = held
    return this.#database.prisma.$transaction(async (transaction) => {
      const fenced = await transaction.$queryRaw<unknown[]>`
        SELECT 1 FROM "model_import"
        WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' FOR UPDATE`
      if (fenced.length === 0) return false
      const model = await transaction.model.upsert({
        where: { projectId_name: { projectId, name: values.name } },
        update: values,
        create: { ...values, projectId },
      })
      await transaction.$queryRaw`
        UPDATE "model_import" SET "state" = 'DONE', "stage" = 'DONE', "model_id" = ${model.id}::uuid, "file" = NULL,
          "finished_at" = clock_timestamp(), "seconds_left" = NULL, "bytes_per_second" = NULL, ${released}
        WHERE "id" = ${id}::uuid RETURNING pg_notify('imprint_run', "id"::text)::text`
      return true
    })
  }

  /** Ends an attempt without a model: the import waits again if that may help and an attempt is left, else it has failed. */
  async endAttempt(
    held: ClaimedImport,
    { code, message, cure }: AttemptFailure,
    mayHelpToRetry: boolean,
  ): Promise<'retried' | 'failed' | 'lost'> {
    const retried = mayHelpToRetry && held.attempt < mostAttempts
    const error = JSON.stringify({ code, message, cure, attempt: held.attempt, retried })
    const end = retried
      ? Prisma.sql`"state" = 'QUEUED', "stage" = 'QUEUED'`
      : Prisma.sql`"state" = 'FAILED', "finished_at" = clock_timestamp()`
    const changes = Prisma.sql`${end}, "error" = ${error}::jsonb, "seconds_left" = NULL, "bytes_per_second" = NULL,
      "lease_owner" = NULL, "lease_until" = NULL`
    if (!(await this.#change(held, changes))) return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives an import back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: Held): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"state" = 'QUEUED', "stage" = 'QUEUED', "attempt" = "attempt" - 1, "lease_owner" = NULL, "lease_until" = NULL`,
    )
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  /** A change that watchers see. */
  #change(held: Held, changes: Prisma.Sql): Promise<boolean> {
    const told = Prisma.sql`, pg_notify('imprint_run', "id"::text)::text`
    return this.#write(
      held,
      Prisma.sql`${changes}, "progress_version" = "progress_version" + 1`,
      told,
    )
  }

  async #write(
    { id, leaseEpoch }: Held,
    changes: Prisma.Sql,
    told: Prisma.Sql = Prisma.empty,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "model_import" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}

const released = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL, "progress_version" = "progress_version" + 1`
