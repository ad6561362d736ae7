// Rows of an evaluation -> vectors in memory, by a few statements that have PostgreSQL pack the numbers: one text an arm.
import type pg from 'pg'
import { outcomes } from './case-table.js'
import type { ArmVectors, CaseText, EvaluationVectors } from './case-table.js'
import type { Verdicts } from './case-filter.js'

interface EvaluationHead {
  readonly version: number
  readonly datasetId: string
  /** Places in the data set in the order of the slice. */
  readonly places: readonly number[]
}

interface ArmHead {
  readonly id: string
  readonly modelId: string
}

interface PackedArm {
  readonly id: string
  readonly packed: Buffer
  readonly seconds: number | null
  readonly bytes: number | null
}

/** Of one moment: everything is read in one transaction. Null when the evaluation is gone. */
export async function loadVectors(
  pool: pg.Pool,
  evaluationId: string,
  metrics: number,
): Promise<EvaluationVectors | null> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await readVectors(client, evaluationId, metrics)
  } finally {
    const ended = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    )
    // A connection whose transaction may still be open is closed, not lent again.
    client.release(!ended)
  }
}

async function readVectors(
  client: pg.PoolClient,
  evaluationId: string,
  metrics: number,
): Promise<EvaluationVectors | null> {
  const [head] = (
    await client.query<EvaluationHead>(
      `SELECT e.progress_version AS "version", s.dataset_id AS "datasetId", s.places[1:e.cases] AS "places"
       FROM evaluation e JOIN slice s ON s.id = e.slice_id WHERE e.id = $1`,
      [evaluationId],
    )
  ).rows
  if (head === undefined) return null
  const order = orderOf(head.places)
  const heads = await armHeads(client, evaluationId)
  const packed = await packedArms(client, evaluationId)
  const layout = { order, cases: head.places.length, metrics }
  const arms = heads.map((arm) => unpackArm(arm, packed.get(arm.id), layout))
  return {
    ...{ evaluationId, version: head.version, datasetId: head.datasetId, metrics, arms },
    places: Int32Array.from(head.places).sort(),
    texts: await readTexts(client, head),
    before: await readBefore(client, arms, layout),
  }
}

/** Slice place -> row of the table, which goes by place in the data set. */
function orderOf(places: readonly number[]): Int32Array {
  const bySize = places.map((_, index) => index).sort((a, b) => places[a]! - places[b]!)
  const order = new Int32Array(places.length)
  bySize.forEach((slicePlace, row) => (order[slicePlace] = row))
  return order
}

async function armHeads(client: pg.PoolClient, evaluationId: string): Promise<ArmHead[]> {
  const { rows } = await client.query<ArmHead>(
    `SELECT id, model_id AS "modelId" FROM evaluation_arm WHERE evaluation_id = $1 ORDER BY place`,
    [evaluationId],
  )
  return rows
}

async function packedArms(
  client: pg.PoolClient,
  evaluationId: string,
): Promise<ReadonlyMap<string, PackedArm>> {
  const { rows } = await client.query<PackedArm>(
    `SELECT arm_id AS "id", avg(edit_milliseconds) / 1000 AS "seconds", max(peak_bytes) AS "bytes",
       string_agg(int4send(place) || int2send(CASE WHEN kind = 'FAILURE' THEN 3 WHEN skipped THEN 2 ELSE 1 END::int2)
         || array_send(coalesce(metrics, '{}')), ''::bytea) AS "packed"
     FROM case_result WHERE evaluation_id = $1 GROUP BY arm_id`,
    [evaluationId],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

interface Layout {
  readonly order: Int32Array
  readonly cases: number
  readonly metrics: number
}

function unpackArm(
  { id, modelId }: ArmHead,
  packed: PackedArm | undefined,
  layout: Layout,
): ArmVectors {
  const values = new Float64Array(layout.cases * layout.metrics).fill(NaN)
  const found = new Uint8Array(layout.cases)
  unpackRows(packed?.packed ?? Buffer.alloc(0), layout, values, (row, outcome) => {
    found[row] = outcome
  })
  return {
    ...{ id, modelId, values, outcomes: found },
    ...{ secondsPerEdit: packed?.seconds ?? null, peakBytes: packed?.bytes ?? null },
  }
}

/**
 * Rows as packed above: place (int4), outcome (int2), then PostgreSQL's binary form of an array: dimensions, flags and element
 * type (int4 each), for the one dimension its size and first index, and each element behind its length, -1 for NULL.
 */
function unpackRows(
  bytes: Buffer,
  { order, cases, metrics }: Layout,
  values: Float64Array,
  onRow: (row: number, outcome: number) => void,
): void {
  for (let at = 0; at < bytes.length;) {
    const row = order[bytes.readInt32BE(at)] ?? -1
    onRow(row, bytes.readInt16BE(at + 4))
    const dimensions = bytes.readInt32BE(at + 6)
    at += 18
    if (dimensions === 0) continue
    const length = bytes.readInt32BE(at)
    at += 8
    for (let metric = 0; metric < length; metric++) {
      const size = bytes.readInt32BE(at)
      at += 4
      if (size < 0) continue
      if (row >= 0 && row < cases && metric < metrics)
        values[row * metrics + metric] = bytes.readDoubleBE(at)
      at += size
    }
  }
}

/** The unedited models, each from its first arm, and what that one lacks from the next. */
async function readBefore(
  client: pg.PoolClient,
  arms: readonly ArmVectors[],
  layout: Layout,
): Promise<ReadonlyMap<string, Float64Array>> {
  const before = new Map<string, Float64Array>()
  const known = new Map<string, Uint8Array>()
  for (const { id, modelId, outcomes: own } of arms) {
    const values = before.get(modelId) ?? new Float64Array(own.length * layout.metrics).fill(NaN)
    const seen = known.get(modelId) ?? new Uint8Array(own.length)
    before.set(modelId, values)
    known.set(modelId, seen)
    const adds = own.some((outcome, row) => isRow(outcome) && seen[row] === 0)
    if (!adds) continue
    const { rows } = await client.query<{ packed: Buffer | null }>(
      `SELECT string_agg(int4send(place) || int2send(1::int2) || array_send(coalesce(before, '{}')), ''::bytea) AS "packed"
       FROM case_result WHERE arm_id = $1 AND kind = 'ROW'`,
      [id],
    )
    unpackRows(rows[0]?.packed ?? Buffer.alloc(0), layout, values, (row) => (seen[row] = 1))
  }
  return before
}

const isRow = (outcome: number): boolean =>
  outcome === outcomes.edited || outcome === outcomes.skipped

async function readTexts(
  client: pg.PoolClient,
  { datasetId, places }: EvaluationHead,
): Promise<readonly CaseText[]> {
  const { rows } = await client.query<CaseText>(
    `SELECT case_id AS "caseId", relation, subject, prompt, target_new AS "targetNew", target_true AS "targetTrue"
     FROM dataset_case WHERE dataset_id = $1 AND place = ANY($2::int[]) ORDER BY place`,
    [datasetId, places],
  )
  return rows
}

/** Verdicts of one arm on its prompts of a kind, laid on the rows of its evaluation. */
export async function loadVerdicts(
  pool: pg.Pool,
  { evaluationId, armId, kind }: { evaluationId: string; armId: string; kind: string },
): Promise<Verdicts> {
  const { rows: heads } = await pool.query<{ places: number[] }>(
    `SELECT s.places[1:e.cases] AS "places" FROM evaluation e JOIN slice s ON s.id = e.slice_id WHERE e.id = $1`,
    [evaluationId],
  )
  const order = orderOf(heads[0]?.places ?? [])
  const { rows } = await pool.query<{ place: number; verdicts: (boolean | null)[] }>(
    `SELECT place, jsonb_path_query_array(prompts, '$[*] ? (@.kind == $kind).correctAfter', jsonb_build_object('kind', $2::text)) AS "verdicts"
     FROM case_result WHERE arm_id = $1 AND kind = 'ROW'`,
    [armId, kind],
  )
  const laid = new Array<number[] | null>(order.length).fill(null)
  for (const { place, verdicts } of rows)
    laid[order[place] as number] = verdicts.map((verdict) => (verdict === null ? 2 : +verdict))
  return laid
}
