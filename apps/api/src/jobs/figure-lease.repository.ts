// Leases of figures over many prompts, group by group: every write names the epoch it was given. Between groups nobody holds one.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { DrawnFigure } from '../statistics/draw-figures.js'
import type { Claim } from './attempts.js'
import { mostAttempts } from './run-lease.repository.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface ClaimedFigures extends Claim {
  readonly settings: { readonly seed: number; readonly smallestStep: boolean }
  readonly prompts: number
  readonly sliceId: string
  /** Of the model in the model store. */
  readonly directory: string
}

export interface PlacedPrompt {
  /** In the slice. */
  readonly place: number
  /** The engine's evaluation case. */
  readonly record: unknown
}

export interface Observed {
  readonly place: number
  readonly observation: object
}

type Held = Pick<Claim, 'id' | 'leaseEpoch'>

const lostError = JSON.stringify({
  code: 'WORKER_LOST',
  message: 'The worker that computed this stopped answering.',
  cure: 'See the worker’s log; it may have been killed or have run out of memory.',
} satisfies AttemptFailure)

export class FigureLeaseRepository {
  readonly #database: Database
  readonly #leaseSeconds: number

  constructor(database: Database, leaseSeconds = 30) {
    this.#database = database
    this.#leaseSeconds = leaseSeconds
  }

  /** Takes the oldest that nobody holds; null when there is none. Ends first what was lost too often. */
  async claim(owner: string): Promise<ClaimedFigures | null> {
    await this.#failExhausted()
    const rows = await this.#database.prisma.$queryRaw<ClaimedFigures[]>`
      WITH "next" AS (
        SELECT "id", "lease_until" FROM "figure_set"
        WHERE "state" = 'QUEUED' OR ("state" = 'RUNNING' AND ("lease_until" IS NULL OR "lease_until" < clock_timestamp()))
        ORDER BY "queued_at", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "figure_set" f SET "state" = 'RUNNING', "attempt" = f."attempt" + 1,
          "error" = CASE WHEN "next"."lease_until" IS NOT NULL
            THEN ${lostError}::jsonb || jsonb_build_object('attempt', f."attempt", 'retried', true) ELSE f."error" END,
          "stage" = CASE WHEN f."done" = 0 THEN 'loading the model' ELSE f."stage" END,
          "lease_owner" = ${owner}, "lease_epoch" = f."lease_epoch" + 1, "lease_until" = ${this.#leaseEnd()},
          "started_at" = coalesce(f."started_at", clock_timestamp()), "progress_version" = f."progress_version" + 1
        FROM "next" WHERE f."id" = "next"."id" RETURNING f.*
      )
      SELECT c."id", c."lease_epoch" AS "leaseEpoch", c."attempt", c."settings", c."prompts", c."slice_id" AS "sliceId",
        m."directory", pg_notify('imprint_run', c."id"::text)::text
      FROM "claimed" c JOIN "model" m ON m."id" = c."model_id"`
    return rows[0] ?? null
  }

  async #failExhausted(): Promise<void> {
    await this.#database.prisma.$queryRaw`
      UPDATE "figure_set" SET "state" = 'FAILED', "finished_at" = clock_timestamp(), "lease_epoch" = "lease_epoch" + 1,
        "error" = ${lostError}::jsonb || jsonb_build_object('attempt', "attempt", 'retried', false), ${released}
      WHERE "state" = 'RUNNING' AND "lease_until" < clock_timestamp() AND "attempt" >= ${mostAttempts}
      RETURNING pg_notify('imprint_run', "id"::text)::text`
  }

  renew(held: Held): Promise<boolean> {
    return this.#write(held, Prisma.sql`"lease_until" = ${this.#leaseEnd()}`)
  }

  async holds({ id, leaseEpoch }: Held): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "figure_set" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
    return rows.length > 0
  }

  /** The next prompts that are not observed, in the slice's order. */
  nextPrompts({ id, prompts, sliceId }: ClaimedFigures, count: number): Promise<PlacedPrompt[]> {
    return this.#database.prisma.$queryRaw<PlacedPrompt[]>`
      SELECT p."place", c."record" FROM (
        SELECT (u."number" - 1)::int AS "place", u."place" AS "dataset_place", s."dataset_id"
        FROM "slice" s, unnest(s."places"[1:${prompts}::int]) WITH ORDINALITY AS u("place", "number")
        WHERE s."id" = ${sliceId}::uuid) p
      JOIN "dataset_case" c ON c."dataset_id" = p."dataset_id" AND c."place" = p."dataset_place"
      WHERE NOT EXISTS (SELECT 1 FROM "figure_observation" o WHERE o."set_id" = ${id}::uuid AND o."place" = p."place")
      ORDER BY p."place" LIMIT ${count}`
  }

  setStage(held: Held, stage: string): Promise<boolean> {
    return this.#change(held, Prisma.sql`"stage" = ${stage}`)
  }

  /** Stores a group and counts it; null when the lease was lost, else how many are observed now. */
  async storeObserved(
    { id, leaseEpoch }: Held,
    observed: readonly Observed[],
    receipt: object,
  ): Promise<number | null> {
    const rows = await this.#database.prisma.$queryRaw<{ done: number }[]>`
      WITH "held" AS (
        SELECT "id" FROM "figure_set" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' FOR UPDATE
      ), "stored" AS (
        INSERT INTO "figure_observation" ("set_id", "place", "observation")
        SELECT h."id", (o->>'place')::int, o->'observation' FROM "held" h, jsonb_array_elements(${JSON.stringify(observed)}::jsonb) o
        ON CONFLICT DO NOTHING RETURNING 1)
      UPDATE "figure_set" f SET "progress_version" = f."progress_version" + 1, "receipt" = coalesce(f."receipt", ${JSON.stringify(receipt)}::jsonb),
        "done" = f."done" + (SELECT count(*)::int FROM "stored")
      FROM "held" h WHERE f."id" = h."id" RETURNING f."done", pg_notify('imprint_run', f."id"::text)::text`
    return rows[0]?.done ?? null
  }

  /** Every observation as JSON, in the order of the places. */
  async observations(id: string): Promise<string[]> {
    const rows = await this.#database.prisma.$queryRaw<{ observation: string }[]>`
      SELECT "observation"::text AS "observation" FROM "figure_observation" WHERE "set_id" = ${id}::uuid ORDER BY "place"`
    return rows.map(({ observation }) => observation)
  }

  /** Prompts that the drawn figures are of; 0 when there is none. */
  async drawn(id: string): Promise<number> {
    const { _max } = await this.#database.prisma.figure.aggregate({
      where: { setId: id },
      _max: { done: true },
    })
    return _max.done ?? 0
  }

  async storeFigures(
    { id, leaseEpoch }: Held,
    figures: readonly DrawnFigure[],
    done: number,
  ): Promise<boolean> {
    const rows = await this.#database.prisma.$queryRaw<unknown[]>`
      WITH "held" AS (
        UPDATE "figure_set" SET "progress_version" = "progress_version" + 1
        WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING "id")
      INSERT INTO "figure" ("set_id", "kind", "done", "figure")
      SELECT h."id", f."kind", ${done}::int, f."figure"::jsonb FROM "held" h,
        unnest(${figures.map(({ kind }) => kind)}::text[], ${figures.map(({ figure }) => figure)}::text[]) AS f("kind", "figure")
      ON CONFLICT ("set_id", "kind") DO UPDATE SET "done" = excluded."done", "figure" = excluded."figure"
      RETURNING pg_notify('imprint_run', "set_id"::text)::text`
    return rows.length > 0
  }

  /** Leaves it to whoever comes next; the attempt counts anew. */
  release(held: Held): Promise<boolean> {
    return this.#change(held, Prisma.sql`"attempt" = 0, "lease_owner" = NULL, "lease_until" = NULL`)
  }

  finish(held: Held): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"state" = 'DONE', "stage" = 'done', "error" = NULL, "finished_at" = clock_timestamp(),
        "lease_owner" = NULL, "lease_until" = NULL`,
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
    const changes = Prisma.sql`${end}, "error" = ${error}::jsonb, "lease_owner" = NULL, "lease_until" = NULL`
    if (!(await this.#change(held, changes))) return 'lost'
    return retried ? 'retried' : 'failed'
  }

  /** Gives a group back unfinished, as if the attempt had not begun: for a worker that is told to stop. */
  giveBack(held: Held): Promise<boolean> {
    return this.#change(
      held,
      Prisma.sql`"attempt" = "attempt" - 1, "lease_owner" = NULL, "lease_until" = NULL`,
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
      UPDATE "figure_set" SET ${changes}
      WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' RETURNING 1 AS "one"${told}`
    return rows.length > 0
  }
}

const released = Prisma.sql`"lease_owner" = NULL, "lease_until" = NULL, "progress_version" = "progress_version" + 1`
