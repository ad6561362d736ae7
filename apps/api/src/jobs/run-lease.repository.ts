// Leases: the truth about which worker may write to a run. Every write names the epoch it was given; a worker that was
// presumed dead holds an older epoch and changes nothing. Only the database's clock counts.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type {
  LensKindKey,
  MatrixNameKey,
  ProviderChoiceKey,
  RunStageKey,
  StreamPassKey,
  TargetModeKey,
} from '../vocabulary/names.js'

export const mostAttempts = 2

export interface ClaimedRun {
  readonly id: string
  readonly leaseEpoch: number
  readonly attempt: number
  readonly directory: string
  readonly promptIds: number[]
  readonly targetIds: number[]
  readonly targetMode: TargetModeKey
  readonly lens: LensKindKey
  readonly topK: number
  readonly matrices: MatrixNameKey[]
  readonly provider: ProviderChoiceKey
  /** Edits the model runs under, in order. */
  readonly editIds: string[]
}

export interface AttemptFailure {
  readonly code: string
  readonly message: string
  readonly cure: string
}

/** Where a run is that goes one block at a time. */
export interface RunBlock {
  readonly pass: StreamPassKey
  /** Counted from 0. */
  readonly layer: number
  readonly layers: number
  /** By the blocks so far; null before the first is done. */
  readonly secondsLeft: number | null
}

type Held = Pick<ClaimedRun, 'id' | 'leaseEpoch'>

const workerLost = {
  code: 'WORKER_LOST',
  message: 'The worker that computed this run stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure

export class RunLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest run that waits or whose lease ran out; null when there is none. */
  async claim(owner: string): Promise<ClaimedRun | null> {
    const rows = await this.#database.prisma.$queryRaw<ClaimedRun[]>`
      WITH "next" AS (
        SELECT "id", "state" FROM "lens_run"
        WHERE "state" = 'QUEUED'
          OR ("state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" < ${mostAttempts})
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "lens_run" r SET "state" = 'RUNNING', "stage" = 'LOADING', "block" = NULL, "attempt" = r."attempt" + 1,
          "error" = CASE WHEN "next"."state" = 'RUNNING'
            THEN ${JSON.stringify(workerLost)}::jsonb || jsonb_build_object('attempt', r."attempt", 'retried', true)
            ELSE r."error" END,
          "lease_owner" = ${owner}, "lease_epoch" = r."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
          "started_at" = coalesce(r."started_at", clock_timestamp()), "progress_version" = r."progress_version" + 1
        FROM "next" WHERE r."id" = "next"."id" RETURNING r.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", m."directory", c."prompt_ids" AS "promptIds",
        c."target_ids" AS "targetIds", c."target_mode"::text AS "targetMode", c."lens"::text AS "lens",
        c."top_k" AS "topK", c."matrices"::text[] AS "matrices", c."provider"::text AS "provider", c."edit_ids" AS "editIds",
        pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "model" m ON m."id" = c."model_id"`
    return rows[0] ?? null
  }

  /** Ends runs whose last attempt's lease ran out. */
  async failExhausted(): Promise<number> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      WITH "ended" AS (
        UPDATE "lens_run" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_owner" = NULL,
          "lease_until" = NULL, "lease_epoch" = "lease_epoch" + 1, "progress_version" = "progress_version" + 1,
          "error" = ${JSON.stringify(workerLost)}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false)
        WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
        RETURNING "id"
      )
      SELECT pg_notify('imprint_run', "id"::text)::text FROM "ended"`
    return rows.length
  }

  /** Prolongs the lease; false when it is somebody else's by now, or the run was cancelled or deleted. */
  async renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`, false)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "lens_run" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  async setStage(held: Held, stage: RunStageKey): Promise<boolean> {
    const changes = Prisma.sql`"stage" = ${stage}::"RunStage", "block" = NULL, "progress_version" = "progress_version" + 1`
    return this.#write(held, changes, true)
  }

  /** Which block a run that goes block by block is at; the next stage forgets it. */
  async setBlock(held: Held, block: RunBlock): Promise<boolean> {
    const changes = Prisma.sql`"block" = ${JSON.stringify(block)}::jsonb, "progress_version" = "progress_version" + 1`
    return this.#write(held, changes, true)
  }

  /** Ends an attempt without results: the run waits again if that may help and an attempt is left, else it has failed. */
  async endAttempt(
    held: ClaimedRun,
    failure: AttemptFailure,
    mayHelpToRetry: boolean,
  ): Promise<'retried' | 'failed' | 'lost'> {
    const retried = mayHelpToRetry && held.attempt < mostAttempts
    const { code, message, cure } = failure
    const error = JSON.stringify({ code, message, cure, attempt: held.attempt, retried })
    const end = retried
      ? Prisma.sql`"state" = 'QUEUED', "stage" = 'QUEUED'`
      : Prisma.sql`"state" = 'FAILED', "finished_at" = clock_timestamp()`
    const written = await this.#write(
      held,
      Prisma.sql`${end}, "error" = ${error}::jsonb, ${released}`,
      true,
    )
    if (!written) return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives a run back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  async giveBack(held: Held): Promise<boolean> {
    const changes = Prisma.sql`"state" = 'QUEUED', "stage" = 'QUEUED', "attempt" = "attempt" - 1, ${released}`
    return this.#write(held, changes, true)
  }

  #leaseEnd(): Prisma.Sql {
    return Prisma.sql`clock_timestamp() + make_interval(secs => ${this.#leaseSeconds}::float8)`
  }

  async #write({ id, leaseEpoch }: Held, changes: Prisma.Sql, notify: boolean): Promise<boolean> {
    const fence = Prisma.sql`"id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    const told = notify ? Prisma.sql`pg_notify('imprint_run', "id"::text)::text` : Prisma.sql`1`
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      WITH "written" AS (UPDATE "lens_run" SET ${changes} WHERE ${fence} RETURNING "id") SELECT ${told} FROM "written"`
    return rows.length > 0
  }
}

const released = Prisma.sql`"block" = NULL, "lease_owner" = NULL, "lease_until" = NULL, "progress_version" = "progress_version" + 1`
