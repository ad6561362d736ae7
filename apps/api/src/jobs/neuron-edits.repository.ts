// How much saved edits change each neuron: what is not known yet, and the largest of each in the rows that lists sort by.
import type { Database } from '../database/index.js'
import type { EditNorms } from '../engine/neuron-library.js'

export interface StaleSurvey {
  readonly id: string
  readonly projectId: string
  readonly modelId: string
  readonly layer: number
  readonly neurons: number
  readonly digest: string
}

/** Edits and matrices of a layer as one text: another one when an edit came or went. */
const editsDigest = `(SELECT md5(coalesce(string_agg(w.edit_id::text || w.matrix::text, ',' ORDER BY w.edit_id, w.matrix), ''))
  FROM edit e JOIN edit_neuron_norms w ON w.edit_id = e.id
  WHERE e.project_id = s.project_id AND e.model_id = s.model_id AND w.layer = s.layer)`

export class NeuronEditsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A computed edit of which something is not known; null when there is none. */
  async nextEdit(without: readonly string[]): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT e.id FROM edit e WHERE e.digest IS NOT NULL AND NOT e.id = ANY($1::uuid[]) AND EXISTS (
         SELECT 1 FROM edit_delta d WHERE d.edit_id = e.id AND d.matrix IN ('MLP_UP', 'MLP_GATE', 'MLP_DOWN')
           AND NOT EXISTS (SELECT 1 FROM edit_neuron_norms w
             WHERE w.edit_id = e.id AND w.layer = d.layer AND w.matrix = d.matrix))
       ORDER BY e.id DESC LIMIT 1`,
      [without],
    )
    return rows[0]?.id ?? null
  }

  /** An edit that was deleted meanwhile leaves nothing. */
  async storeNorms(editId: string, norms: readonly EditNorms[]): Promise<void> {
    for (const { layer, matrix, norms: values, total } of norms) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
      await this.#database.pool.query(
        `INSERT INTO edit_neuron_norms (edit_id, layer, matrix, norms, total)
         SELECT id, $2, $3::"MatrixName", $4, $5 FROM edit WHERE id = $1 ON CONFLICT DO NOTHING`,
        [editId, layer, matrix, bytes, total],
      )
    }
  }

  /** A survey whose neurons show other edits than there are; null when there is none. */
  async staleSurvey(): Promise<StaleSurvey | null> {
    const { rows } = await this.#database.pool.query<StaleSurvey>(
      `SELECT s.id, s.project_id AS "projectId", s.model_id AS "modelId", s.layer, s.neurons, d.digest
       FROM neuron_survey s CROSS JOIN LATERAL (SELECT ${editsDigest} AS digest) d
       WHERE s.words_done >= s.neurons AND s.edits_digest IS DISTINCT FROM d.digest LIMIT 1`,
    )
    return rows[0] ?? null
  }

  /** The largest change that any edit makes to each neuron of the layer. */
  async showLargest({
    id,
    projectId,
    modelId,
    layer,
    neurons,
    digest,
  }: StaleSurvey): Promise<void> {
    const { pool } = this.#database
    const { rows } = await pool.query<{ norms: Uint8Array }>(
      `SELECT w.norms FROM edit e JOIN edit_neuron_norms w ON w.edit_id = e.id
       WHERE e.project_id = $1 AND e.model_id = $2 AND w.layer = $3`,
      [projectId, modelId, layer],
    )
    const largest = new Float64Array(neurons)
    for (const { norms } of rows)
      new Float32Array(Uint8Array.from(norms).buffer).forEach((norm, neuron) => {
        largest[neuron] = Math.max(largest[neuron] ?? 0, norm)
      })
    await pool.query(
      `WITH shown AS (UPDATE neuron n SET edit_norm = v.norm
         FROM unnest($2::float8[]) WITH ORDINALITY AS v(norm, number)
         WHERE n.survey_id = $1 AND n.index = v.number - 1 AND n.edit_norm <> v.norm)
       UPDATE neuron_survey SET edits_digest = $3 WHERE id = $1`,
      [id, [...largest], digest],
    )
  }
}
