// Leases of computations about edits: the truth about which worker may write to one. As for runs, every write names the epoch
// it was given.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { EditTaskProgress } from '../engine/engine-vocabulary.js'
import type { TaskInput } from '../features/edit/task-input.js'
import type { EditTaskKindKey } from '../vocabulary/edit-names.js'
import type { Claim } from './attempts.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedEditTask extends Claim {
  readonly kind: EditTaskKindKey
  readonly input: TaskInput
  readonly projectId: string
  readonly editId: string | null
  /** Of the model in the model store. */
  readonly directory: string
}

/** Losses are all of the present attempt. */
export interface EditTaskStep extends Omit<EditTaskProgress, 'loss'> {
  readonly losses: readonly number[]
}

type Held = Pick<Claim, 'id' | 'leaseEpoch'>

const lostError = JSON.stringify({
  code: 'WORKER_LOST',
  message: 'The worker that computed this stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure)

export class EditLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes what a reader waits for, then the oldest that waits or whose lease ran out; null when there is none. */
  async claim(owner: string): Promise<ClaimedEditTask | null> {
    const rows = await this.#database.prisma.$queryRaw<ClaimedEditTask[]>`
      WITH "next" AS (
        SELECT "id", "state" FROM "edit_task"
        WHERE "state" = 'QUEUED'
          OR ("state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" < ${mostAttempts})
        ORDER BY "kind" IN ('PREVIEW', 'TRY') DESC, "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "edit_task" t SET "state" = 'RUNNING', "stage" = 'loading', "done" = NULL, "total" = NULL, "losses" = '{}',
          "attempt" = t."attempt" + 1,
          "error" = CASE WHEN "next"."state" = 'RUNNING'
            THEN ${lostError}::jsonb || jsonb_build_object('attempt', t."attempt", 'retried', true)
            ELSE t."error" END,
          "lease_owner" = ${owner}, "lease_epoch" = t."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
          "started_at" = coalesce(t."started_at", clock_timestamp()), "progress_version" = t."progress_version" + 1
        FROM "next" WHERE t."id" = "next"."id" RETURNING t.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", c."kind"::text AS "kind", c."input",
        c."project_id" AS "projectId", c."edit_id" AS "editId", m."directory", pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "model" m ON m."id" = c."model_id"`
    return rows[0] ?? null
  }

  /** Ends those whose last attempt's lease ran out. */
  async failExhausted(): Promise<number> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "edit_task" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false), ${released}
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
    return rows.length
  }

  /** Forgets answers that are older than a day; saved edits stay. */
  async removeExpired(): Promise<number> {
    return this.#database.prisma.$executeRaw`
      DELETE FROM "edit_task" WHERE "kind" <> 'COMPUTE' AND "finished_at" < clock_timestamp() - INTERVAL '1 day'`
  }

  /** Prolongs the lease; false when it is somebody else's by now, or the task was cancelled or deleted. */
  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "edit_task" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  setProgress(held: Held, { stage, done, total, losses }: EditTaskStep): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"stage" = ${stage}, "done" = ${done}::int, "total" = ${total}::int, "losses" = ${[...losses]}::float8[]`,
    )
  }

  /** Ends an attempt without results: it waits again if that may help and an attempt is left, else it has failed. */
  async endAttempt(
    held: Claim,
    { code, message, cure }: AttemptFailure,
    mayHelpToRetry: boolean,
  ): Promise<'retried' | 'failed' | 'lost'> {
    const retried = mayHelpToRetry && held.attempt < mostAttempts
    const error = JSON.stringify({ code, message, cure, attempt: held.attempt, retried })
    const end = retried
      ? Prisma.sql`"state" = 'QUEUED', "stage" = 'queued'`
      : Prisma.sql`"state" = 'FAILED', "finished_at" = clock_timestamp()`
    const changes = Prisma.sql`${end}, "error" = ${error}::jsonb, "lease_owner" = NULL, "lease_until" = NULL`
    if (!(await this.#change(held, changes))) return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives a task back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: Held): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"state" = 'QUEUED', "stage" = 'queued', "attempt" = "attempt" - 1, "lease_owner" = NULL, "lease_until" = NULL`,
    )
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  /** A change that watchers see. */
  #change(held: Held, changes: Prisma.Sql): Promise<boolean> {
    const told = Prisma.sql`, pg_notify('imprint_run', "id"::text)::text`
    const counted = Prisma.sql`${changes}, "progress_version" = "progress_version" + 1`
    return this.#write(held, counted, told)
  }

  async #write(
    { id, leaseEpoch }: Held,
    changes: Prisma.Sql,
    told: Prisma.Sql = Prisma.empty,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "edit_task" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}

const released = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL, "progress_version" = "progress_version" + 1`
