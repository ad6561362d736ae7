// Rows of a run's results: the summary, packed projections and layer readings, and the token search table.
import type { PoolClient } from 'pg'
import type { Database } from '../../database/index.js'
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
  readonly receipt: unknown
  readonly loss: number
  readonly promptLength: number
  readonly projections: readonly ProjectionRow[]
  readonly layers: readonly LayerRow[]
  readonly hits: TokenHits
}

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
   * run was cancelled, deleted or taken over meanwhile, and nothing was written. Plain SQL: a long prompt has tens of
   * thousands of token hits, which travel as seven arrays.
   */
  async storeDone(runId: string, leaseEpoch: number, result: StoredResult): Promise<boolean> {
    const client = await this.#database.pool.connect()
    try {
      await client.query('BEGIN')
      const held = await client.query(
        `SELECT 1 FROM "lens_run" WHERE "id" = $1 AND "lease_epoch" = $2 AND "state" = 'RUNNING' FOR UPDATE`,
        [runId, leaseEpoch],
      )
      if (held.rowCount === 1) await writeResult(client, runId, result)
      await client.query(held.rowCount === 1 ? 'COMMIT' : 'ROLLBACK')
      client.release()
      return held.rowCount === 1
    } catch (error) {
      // The connection is closed, which rolls back whatever it had begun.
      client.release(true)
      throw error
    }
  }
}

type Connection = Pick<PoolClient, 'query'>

/** For a result that was computed elsewhere; the run must be new, as no lease is asked for. */
export const writeImportedResult = (
  client: Connection,
  runId: string,
  result: StoredResult,
): Promise<void> => writeResult(client, runId, result)

async function writeResult(client: Connection, runId: string, result: StoredResult): Promise<void> {
  await removeResults(client, runId)
  await insertPacked(client, runId, result)
  await insertHits(client, runId, result.hits)
  await client.query(
    `UPDATE "lens_run" SET "state" = 'DONE', "stage" = 'DONE', "progress_version" = "progress_version" + 1,
      "loss" = $2, "prompt_length" = $3, "finished_at" = clock_timestamp(), "lease_owner" = NULL, "lease_until" = NULL
     WHERE "id" = $1`,
    [runId, result.loss, result.promptLength],
  )
  await client.query(`SELECT pg_notify('imprint_run', $1)`, [runId])
}

/** A run that is tried again by its user has none yet, or those of an earlier attempt. */
async function removeResults(client: Connection, runId: string): Promise<void> {
  for (const table of [
    '"lens_result"',
    '"projection"',
    '"layer_reading"',
    '"search"."token_hit"',
  ]) {
    await client.query(`DELETE FROM ${table} WHERE "run_id" = $1`, [runId])
  }
}

async function insertPacked(
  client: Connection,
  runId: string,
  result: StoredResult,
): Promise<void> {
  await client.query(
    'INSERT INTO "lens_result" ("run_id", "summary", "receipt") VALUES ($1, $2, $3)',
    [runId, JSON.stringify(result.summary), JSON.stringify(result.receipt)],
  )
  for (const { layer, matrix, cells } of result.projections) {
    const sql =
      'INSERT INTO "projection" ("run_id", "layer", "matrix", "cells") VALUES ($1, $2, $3, $4)'
    await client.query(sql, [runId, layer, matrix, Buffer.from(cells.buffer)])
  }
  for (const { layer, kind, cells } of result.layers) {
    const sql =
      'INSERT INTO "layer_reading" ("run_id", "layer", "kind", "cells") VALUES ($1, $2, $3, $4)'
    await client.query(sql, [runId, layer, kind, Buffer.from(cells.buffer)])
  }
}

async function insertHits(client: Connection, runId: string, hits: TokenHits): Promise<void> {
  const { tokenIds, layers, matrices, factors, positions, atTop, places } = hits
  await client.query(
    `INSERT INTO "search"."token_hit"
       ("model_key", "token_id", "layer", "matrix", "factor", "run_id", "position", "at_top", "place")
     SELECT m."search_key", h."token_id", h."layer", h."matrix"::"MatrixName", h."factor", r."id", h."position", h."at_top", h."place"
     FROM "lens_run" r JOIN "model" m ON m."id" = r."model_id",
       unnest($2::int[], $3::smallint[], $4::text[], $5::text[], $6::int[], $7::boolean[], $8::smallint[])
       AS h("token_id", "layer", "matrix", "factor", "position", "at_top", "place")
     WHERE r."id" = $1`,
    [runId, tokenIds, layers, matrices, factors, positions, atTop, places],
  )
}
