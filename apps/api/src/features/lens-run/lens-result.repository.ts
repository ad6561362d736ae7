// Rows of a run's results: the summary, packed projections and layer readings, and the token search table.
import type { Database } from '../../database/index.js'
import type { Prisma } from '../../database/generated/client.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import type { RunResultHead, RunSummary } from './run-summary.js'

export interface PackedRow {
  readonly layer: number
  readonly cells: Uint8Array<ArrayBuffer>
}

export interface ProjectionRow extends PackedRow {
  readonly matrix: MatrixNameKey
}

export interface LayerRow extends PackedRow {
  /** `hidden`, or `imprint:` and the matrix of neurons. */
  readonly kind: string
}

/** Columns of the token search table, one entry each a hit. */
export interface TokenHits {
  readonly tokenIds: number[]
  readonly layers: number[]
  readonly matrices: MatrixNameKey[]
  readonly factors: string[]
  readonly positions: number[]
  readonly atTop: boolean[]
  readonly places: number[]
}

export interface StoredResult {
  readonly summary: RunSummary
  readonly receipt: Prisma.InputJsonValue
  readonly loss: number
  readonly promptLength: number
  readonly projections: readonly ProjectionRow[]
  readonly layers: readonly LayerRow[]
  readonly hits: TokenHits
}

const writeTimeout = 60_000

export class LensResultRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async heads(runIds: readonly string[]): Promise<Map<string, RunResultHead>> {
    const rows = await this.#database.prisma.lensResult.findMany({
      where: { runId: { in: [...runIds] } },
    })
    return new Map(
      rows.map((row) => [
        row.runId,
        { summary: row.summary as unknown as RunSummary, receipt: row.receipt },
      ]),
    )
  }

  /** One matrix through all layers, or in one layer; in the order of layers. */
  projections(runId: string, matrix: MatrixNameKey, layer?: number): Promise<PackedRow[]> {
    return this.#database.prisma.projection.findMany({
      where: { runId, matrix, ...(layer === undefined ? {} : { layer }) },
      orderBy: { layer: 'asc' },
      select: { layer: true, cells: true },
    }) as Promise<PackedRow[]>
  }

  layerReadings(runId: string, kind: string, layer?: number): Promise<PackedRow[]> {
    return this.#database.prisma.layerReading.findMany({
      where: { runId, kind, ...(layer === undefined ? {} : { layer }) },
      orderBy: { layer: 'asc' },
      select: { layer: true, cells: true },
    }) as Promise<PackedRow[]>
  }

  /**
   * Writes everything and ends the run, in one transaction, if the lease still has this epoch; false means that the
   * run was cancelled, deleted or taken over meanwhile, and nothing was written.
   */
  storeDone(runId: string, leaseEpoch: number, result: StoredResult): Promise<boolean> {
    return this.#database.prisma.$transaction(
      async (transaction) => {
        const held = await transaction.$queryRaw<unknown[]>`
          SELECT 1 FROM "lens_run" WHERE "id" = ${runId}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING'
          FOR UPDATE`
        if (held.length === 0) return false
        await removeResults(transaction, runId)
        await insertResults(transaction, runId, result)
        await transaction.$executeRaw`
          UPDATE "lens_run" SET "state" = 'DONE', "stage" = 'DONE', "progress_version" = "progress_version" + 1,
            "loss" = ${result.loss}, "prompt_length" = ${result.promptLength}, "finished_at" = clock_timestamp(),
            "lease_owner" = NULL, "lease_until" = NULL
          WHERE "id" = ${runId}::uuid`
        await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${runId})::text`
        return true
      },
      { timeout: writeTimeout, maxWait: writeTimeout },
    )
  }
}

async function removeResults(transaction: Prisma.TransactionClient, runId: string): Promise<void> {
  await transaction.lensResult.deleteMany({ where: { runId } })
  await transaction.projection.deleteMany({ where: { runId } })
  await transaction.layerReading.deleteMany({ where: { runId } })
  await transaction.$executeRaw`DELETE FROM "search"."token_hit" WHERE "run_id" = ${runId}::uuid`
}

async function insertResults(
  transaction: Prisma.TransactionClient,
  runId: string,
  { summary, receipt, projections, layers, hits }: StoredResult,
): Promise<void> {
  const json = summary as unknown as Prisma.InputJsonValue
  await transaction.lensResult.create({ data: { runId, summary: json, receipt } })
  await transaction.projection.createMany({ data: projections.map((row) => ({ runId, ...row })) })
  await transaction.layerReading.createMany({ data: layers.map((row) => ({ runId, ...row })) })
  await transaction.$executeRaw`
    INSERT INTO "search"."token_hit" ("token_id", "layer", "matrix", "factor", "run_id", "position", "at_top", "place")
    SELECT h."token_id", h."layer", h."matrix"::"MatrixName", h."factor", ${runId}::uuid, h."position", h."at_top", h."place"
    FROM unnest(${hits.tokenIds}::int[], ${hits.layers}::smallint[], ${hits.matrices}::text[], ${hits.factors}::text[],
      ${hits.positions}::int[], ${hits.atTop}::boolean[], ${hits.places}::smallint[])
      AS h("token_id", "layer", "matrix", "factor", "position", "at_top", "place")`
}
