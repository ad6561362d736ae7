// Leases of slices that ask what a model knows. As for runs, every write names the epoch it was given. Between two groups of
// cases nobody holds one that runs, so that whoever is free next goes on with it.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { KnownCounts, SliceDefinition } from '../features/slice/slice.type.js'
import type { Claim } from './attempts.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedSlice extends Claim {
  readonly definition: SliceDefinition
  readonly datasetId: string
  readonly datasetDigest: string
  /** Of the data set. */
  readonly cases: number
  readonly modelId: string
  /** Of the model in the model store. */
  readonly directory: string
}

export interface SliceStep {
  readonly done: number
  readonly total: number
  readonly counts: KnownCounts
}

type Held = Pick<Claim, 'id' | 'leaseEpoch'>

const lostError = JSON.stringify({
  code: 'WORKER_LOST',
  message: 'The worker that asked the model stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure)

const released = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL`

export class SliceLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest that waits, is between two groups, or whose lease ran out; null when there is none. */
  async claim(owner: string): Promise<ClaimedSlice | null> {
    const rows = await this.#database.prisma.$queryRaw<ClaimedSlice[]>`
      WITH "next" AS (
        SELECT "id", "lease_until" FROM "slice"
        WHERE "state" = 'QUEUED' OR ("state" = 'RUNNING' AND ("lease_until" IS NULL
          OR ("lease_until" < clock_timestamp() AND "attempt" < ${mostAttempts})))
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "slice" s SET "state" = 'RUNNING', "attempt" = s."attempt" + 1,
          "error" = CASE WHEN "next"."lease_until" IS NOT NULL
            THEN ${lostError}::jsonb || jsonb_build_object('attempt', s."attempt", 'retried', true)
            ELSE s."error" END,
          "lease_owner" = ${owner}, "lease_epoch" = s."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
          "started_at" = coalesce(s."started_at", clock_timestamp()), "progress_version" = s."progress_version" + 1
        FROM "next" WHERE s."id" = "next"."id" RETURNING s.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", c."definition", c."dataset_id" AS "datasetId",
        d."digest" AS "datasetDigest", d."cases", m."id" AS "modelId", m."directory", pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "dataset" d ON d."id" = c."dataset_id" JOIN "model" m ON m."id" = c."known_by_model_id"`
    return rows[0] ?? null
  }

  /** Ends those whose last attempt's lease ran out. */
  async failExhausted(): Promise<void> {
    await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "slice" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false), ${released},
        "progress_version" = "progress_version" + 1
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
  }

  /** Prolongs the lease; false when it is somebody else's by now, or the slice was cancelled or deleted. */
  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "slice" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  setProgress(held: Held, step: SliceStep): Promise<boolean> {
    return this.#change(held, progressOf(step))
  }

  /** A group is done: somebody goes on, with fresh attempts. */
  release(held: Held, step: SliceStep): Promise<boolean> {
    return this.#change(held, Prisma.sql`${progressOf(step)}, "attempt" = 0, ${released}`)
  }

  finish(
    held: Held,
    step: SliceStep,
    { places, digest }: { readonly places: readonly number[]; readonly digest: string },
  ): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`${progressOf(step)}, "state" = 'DONE', "places" = ${[...places]}::int[], "digest" = ${digest},
        "error" = NULL, "finished_at" = clock_timestamp(), ${released}`,
    )
  }

  /** Ends an attempt without an answer: it waits again if that may help and an attempt is left, else it has failed. */
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

  /** Gives it back, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: Held): Promise<boolean> {
    return this.#change(held, Prisma.sql`"attempt" = "attempt" - 1, ${released}`)
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  /** A change that watchers see. */
  #change(held: Held, changes: Prisma.Sql): Promise<boolean> {
    const counted = Prisma.sql`${changes}, "progress_version" = "progress_version" + 1`
    return this.#write(held, counted, Prisma.sql`, pg_notify('imprint_run', "id"::text)::text`)
  }

  async #write(
    { id, leaseEpoch }: Held,
    changes: Prisma.Sql,
    told: Prisma.Sql = Prisma.empty,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "slice" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}

const progressOf = ({ done, total, counts }: SliceStep): Prisma.Sql =>
  Prisma.sql`"done" = ${done}::int, "total" = ${total}::int, "known_counts" = ${JSON.stringify(counts)}::jsonb`
