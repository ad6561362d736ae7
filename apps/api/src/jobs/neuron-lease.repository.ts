// Leases of neuron surveys, piece by piece: every write names the epoch it was given. Between pieces nobody holds one.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { Claim } from './attempts.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedSurvey extends Claim {
  readonly layer: number
  readonly neurons: number
  readonly wordsDone: number
  readonly nearestDone: boolean
  readonly runsDone: number
  readonly runIds: readonly string[]
  readonly questionDigest: string
  /** Of the model in the model store. */
  readonly directory: string
}

export type HeldSurvey = Pick<Claim, 'id' | 'leaseEpoch'>

const lostError = JSON.stringify({
  code: 'WORKER_LOST',
  message: 'The worker that computed this stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure)

const unheld = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL`

export class NeuronLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest that nobody holds; null when there is none. Ends first what was lost too often. */
  async claim(owner: string): Promise<ClaimedSurvey | null> {
    await this.#failExhausted()
    const rows = await this.#database.prisma.$queryRaw<ClaimedSurvey[]>`
      WITH "next" AS (
        SELECT "id", "lease_until" FROM "neuron_survey"
        WHERE "state" = 'QUEUED' OR ("state" = 'RUNNING' AND ("lease_until" IS NULL OR "lease_until" < clock_timestamp()))
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "neuron_survey" s SET "state" = 'RUNNING', "attempt" = s."attempt" + 1,
          "error" = CASE WHEN "next"."lease_until" IS NOT NULL
            THEN ${lostError}::jsonb || jsonb_build_object('attempt', s."attempt", 'retried', true) ELSE s."error" END,
          "stage" = CASE WHEN s."stage" = 'queued' THEN 'loading the model' ELSE s."stage" END,
          "lease_owner" = ${owner}, "lease_epoch" = s."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
          "started_at" = coalesce(s."started_at", clock_timestamp()), "progress_version" = s."progress_version" + 1
        FROM "next" WHERE s."id" = "next"."id" RETURNING s.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", c."layer", c."neurons", c."words_done" AS "wordsDone",
        c."nearest_done" AS "nearestDone", c."runs_done" AS "runsDone", c."run_ids" AS "runIds",
        c."question_digest" AS "questionDigest", m."directory", pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "model" m ON m."id" = c."model_id"`
    return rows[0] ?? null
  }

  async #failExhausted(): Promise<void> {
    await this.#database.prisma.$queryRaw`
      UPDATE "neuron_survey" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false), ${unheld},
        "progress_version" = "progress_version" + 1
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
  }

  renew(held: HeldSurvey): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: HeldSurvey): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "neuron_survey" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  setStage(held: HeldSurvey, stage: string): Promise<boolean> {
    return this.#change(held, Prisma.sql`"stage" = ${stage}`)
  }

  /** Leaves it to whoever comes next; the attempt counts anew. */
  release(held: HeldSurvey): Promise<boolean> {
    return this.#change(held, Prisma.sql`"attempt" = 0, ${unheld}`)
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
    if (!(await this.#change(held, Prisma.sql`${end}, "error" = ${error}::jsonb, ${unheld}`)))
      return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives a piece back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: HeldSurvey): Promise<boolean> {
    return this.#change(held, Prisma.sql`"attempt" = "attempt" - 1, ${unheld}`)
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  /** A change that watchers see. */
  #change(held: HeldSurvey, changes: Prisma.Sql): Promise<boolean> {
    const told = Prisma.sql`, pg_notify('imprint_run', "id"::text)::text`
    const counted = Prisma.sql`${changes}, "progress_version" = "progress_version" + 1`
    return this.#write(held, counted, told)
  }

  async #write(
    { id, leaseEpoch }: HeldSurvey,
    changes: Prisma.Sql,
    told: Prisma.Sql = Prisma.empty,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      UPDATE "neuron_survey" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}
