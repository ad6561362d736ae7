// Leases of maps of interference: every write names the epoch it was given.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { Claim } from './attempts.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedInterference extends Claim {
  readonly editIds: readonly string[]
  /** Of the model in the model store. */
  readonly directory: string
}

/** What the engine is doing. */
export interface InterferenceStep {
  readonly stage: string
  readonly done: number | null
  readonly total: number | null
}

type Held = Pick<Claim, 'id' | 'leaseEpoch'>

const lostError = JSON.stringify({
  code: 'WORKER_LOST',
  message: 'The worker that computed this stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure)

const released = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL`

export class InterferenceLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest that nobody holds; null when there is none. Ends first what was lost too often. */
  async claim(owner: string): Promise<ClaimedInterference | null> {
    await this.#failExhausted()
    const rows = await this.#database.prisma.$queryRaw<ClaimedInterference[]>`
      WITH "next" AS (
        SELECT "id", "lease_until" FROM "interference_map"
        WHERE "state" = 'QUEUED' OR ("state" = 'RUNNING' AND ("lease_until" IS NULL OR "lease_until" < clock_timestamp()))
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "interference_map" i SET "state" = 'RUNNING', "attempt" = i."attempt" + 1, "stage" = 'loading the model',
          "error" = CASE WHEN "next"."lease_until" IS NOT NULL
            THEN ${lostError}::jsonb || jsonb_build_object('attempt', i."attempt", 'retried', true) ELSE i."error" END,
          "done" = NULL, "total" = NULL, "lease_owner" = ${owner}, "lease_epoch" = i."lease_epoch" + 1,
          "lease_until" = ${this.#leaseEnd()}, "started_at" = clock_timestamp(), "progress_version" = i."progress_version" + 1
        FROM "next" WHERE i."id" = "next"."id" RETURNING i.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", c."edit_ids"::text[] AS "editIds",
        m."directory", pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "model" m ON m."id" = c."model_id"`
    return rows[0] ?? null
  }

  async #failExhausted(): Promise<void> {
    await this.#database.prisma.$queryRaw`
      UPDATE "interference_map" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false), ${released},
        "progress_version" = "progress_version" + 1
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
  }

  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "interference_map" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  setProgress(held: Held, { stage, done, total }: InterferenceStep): Promise<boolean> {
    return this.#change(held, Prisma.sql`"stage" = ${stage}, "done" = ${done}, "total" = ${total}`)
  }

  /** False when the lease was lost by then. */
  finish(held: Held, result: object): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"state" = 'DONE', "stage" = 'done', "error" = NULL, "result" = ${JSON.stringify(result)}::jsonb,
        "done" = "total", "finished_at" = clock_timestamp(), ${released}`,
    )
  }

  async endAttempt(
    held: Claim,
    { code, message, cure }: AttemptFailure,
    mayHelpToRetry: boolean,
  ): Promise<'retried' | 'failed' | 'lost'> {
    const retried = mayHelpToRetry && held.attempt < mostAttempts
    const error = JSON.stringify({ code, message, cure, attempt: held.attempt, retried })
    const end = retried
      ? Prisma.sql`"state" = 'QUEUED'`
      : Prisma.sql`"state" = 'FAILED', "finished_at" = clock_timestamp()`
    const changes = Prisma.sql`${end}, "error" = ${error}::jsonb, ${released}`
    if (!(await this.#change(held, changes))) return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives it back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: Held): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"state" = 'QUEUED', "stage" = 'queued', "attempt" = "attempt" - 1, ${released}`,
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
      UPDATE "interference_map" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}
