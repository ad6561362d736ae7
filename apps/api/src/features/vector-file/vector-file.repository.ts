// Rows of files of X and Delta: which are asked for, computed, ready. The files themselves lie in the disk cache.
import type { Database } from '../../database/index.js'
import type {
  LensKindKey,
  MatrixNameKey,
  ProviderChoiceKey,
  TargetModeKey,
} from '../../vocabulary/names.js'

export interface VectorFileState {
  readonly state: 'QUEUED' | 'RUNNING' | 'READY' | 'FAILED'
  readonly error: { readonly code: string; readonly message: string; readonly cure: string } | null
}

/** A claimed file with the question of one run that asks for it. */
export interface ClaimedVectorFile {
  readonly configDigest: string
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
  readonly editIds: string[]
}

const leaseSeconds = 120

export class VectorFileRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(configDigest: string): Promise<VectorFileState | null> {
    const row = await this.#database.prisma.vectorFile.findUnique({ where: { configDigest } })
    return row && { state: row.state, error: row.error as VectorFileState['error'] }
  }

  /** Asks workers for a file; a file that is being computed already is not asked for twice. */
  async request(configDigest: string): Promise<void> {
    await this.#database.prisma.$transaction(async (transaction) => {
      const asked = await transaction.$queryRaw<unknown[]>`
        INSERT INTO "vector_file" ("config_digest") VALUES (${configDigest})
        ON CONFLICT ("config_digest") DO UPDATE
          SET "state" = 'QUEUED', "error" = NULL, "attempt" = 0, "requested_at" = clock_timestamp()
          WHERE "vector_file"."state" IN ('READY', 'FAILED')
        RETURNING 1`
      if (asked.length === 0) return
      await transaction.$queryRaw`
        SELECT "id"::text FROM graphile_worker.add_job('lens-vectors', '{}'::json, max_attempts := 1)`
    })
  }

  async claim(owner: string, mostAttempts: number): Promise<ClaimedVectorFile | null> {
    const rows = await this.#database.prisma.$queryRaw<ClaimedVectorFile[]>`
      WITH "next" AS (
        SELECT "config_digest" FROM "vector_file"
        WHERE "attempt" < ${mostAttempts}
          AND ("state" = 'QUEUED' OR ("state" = 'RUNNING' AND "lease_until" < clock_timestamp()))
        ORDER BY "requested_at" LIMIT 1 FOR UPDATE SKIP LOCKED
      ), "claimed" AS (
        UPDATE "vector_file" v SET "state" = 'RUNNING', "attempt" = v."attempt" + 1, "lease_owner" = ${owner},
          "lease_epoch" = v."lease_epoch" + 1,
          "lease_until" = clock_timestamp() + make_interval(secs => ${leaseSeconds}::float8)
        FROM "next" WHERE v."config_digest" = "next"."config_digest" RETURNING v.*
      )
      SELECT c."config_digest" AS "configDigest", c."lease_epoch" AS "leaseEpoch", c."attempt", r.* FROM "claimed" c
      CROSS JOIN LATERAL (
        SELECT m."directory", l."prompt_ids" AS "promptIds", l."target_ids" AS "targetIds", l."top_k" AS "topK",
          l."target_mode"::text AS "targetMode", l."lens"::text AS "lens", l."matrices"::text[] AS "matrices",
          l."provider"::text AS "provider", l."edit_ids" AS "editIds"
        FROM "lens_run" l JOIN "model" m ON m."id" = l."model_id" WHERE l."config_digest" = c."config_digest" LIMIT 1
      ) r`
    return rows[0] ?? null
  }

  async setReady({ configDigest, leaseEpoch }: ClaimedVectorFile, bytes: number): Promise<void> {
    await this.#database.prisma.$queryRaw`
      WITH "written" AS (
        UPDATE "vector_file" SET "state" = 'READY', "bytes" = ${BigInt(bytes)}, "lease_until" = NULL
        WHERE "config_digest" = ${configDigest} AND "lease_epoch" = ${leaseEpoch} RETURNING "config_digest"
      ) SELECT pg_notify('imprint_run', 'vectors:' || "config_digest")::text FROM "written"`
  }

  /** Gives a file back as if it had not been claimed: for a worker whose engine does not start. */
  async giveBack({ configDigest, leaseEpoch }: ClaimedVectorFile): Promise<void> {
    await this.#database.prisma.$executeRaw`
      UPDATE "vector_file" SET "state" = 'QUEUED', "attempt" = "attempt" - 1, "lease_owner" = NULL, "lease_until" = NULL
      WHERE "config_digest" = ${configDigest} AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'`
  }

  async setFailed(
    { configDigest, leaseEpoch }: ClaimedVectorFile,
    error: NonNullable<VectorFileState['error']>,
  ): Promise<void> {
    await this.#database.prisma.$queryRaw`
      WITH "written" AS (
        UPDATE "vector_file" SET "state" = 'FAILED', "error" = ${JSON.stringify(error)}::jsonb, "lease_until" = NULL
        WHERE "config_digest" = ${configDigest} AND "lease_epoch" = ${leaseEpoch} RETURNING "config_digest"
      ) SELECT pg_notify('imprint_run', 'vectors:' || "config_digest")::text FROM "written"`
  }
}
