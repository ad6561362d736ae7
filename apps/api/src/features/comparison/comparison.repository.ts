// Rows that comparisons are made of: evaluations with their arms, kept answers, single cases, and rows to export.
import type { Database } from '../../database/index.js'

export interface ComparedEvaluation {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly protocol: string
  readonly seed: number
  readonly settings: {
    readonly divergence?: boolean
    readonly generation?: { readonly length: number; readonly topK: number } | null
    readonly casesPerBatch?: number
  }
  readonly cases: number
  readonly knownCounts: { readonly tested: number; readonly known: number } | null
  readonly version: number
  readonly sliceId: string
  readonly sliceName: string
  readonly datasetId: string
  readonly datasetName: string
  readonly datasetFormat: string
  readonly datasetDigest: string
  readonly arms: readonly ComparedArmRow[]
}

export interface ComparedArmRow {
  readonly id: string
  readonly evaluationId: string
  readonly name: string
  readonly modelId: string
  readonly modelName: string
  readonly method: string
  readonly hyperparameters: Readonly<Record<string, unknown>>
  readonly defaults: string
  readonly receipt: Readonly<Record<string, unknown>> | null
}

/** The numbers of the rewrite prompt, and the error of a case that failed. */
export interface CellExtra {
  readonly armId: string
  readonly place: number
  readonly rewrite: PromptNumbersRow | null
  readonly error: CaseError | null
}

export interface CaseError {
  readonly code: string
  readonly message: string
  readonly cure: string
}

export interface PromptNumbersRow {
  readonly kind: string
  readonly index: number
  readonly newBefore: number | null
  readonly newAfter: number | null
  readonly trueBefore: number | null
  readonly trueAfter: number | null
  readonly correctBefore: boolean | null
  readonly correctAfter: boolean | null
  readonly klToBase: number | null
}

/** One row of the results, whole. */
export interface WholeRow {
  readonly armId: string
  readonly place: number
  readonly kind: 'ROW' | 'FAILURE'
  readonly caseId: string
  readonly relation: string
  readonly metrics: readonly number[]
  readonly before: readonly number[]
  readonly prompts: readonly PromptNumbersRow[]
  readonly record: Readonly<Record<string, unknown>>
  readonly skipped: boolean
  readonly editMilliseconds: number | null
}

/** A case of a data set with its place there and in the slice of an evaluation. */
export interface PlacedCase {
  readonly place: number
  readonly caseId: string
  readonly relation: string
  readonly record: Readonly<Record<string, unknown>>
}

export class ComparisonRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the order of the ids; those that are not there are left out. */
  async evaluations(projectId: string, ids: readonly string[]): Promise<ComparedEvaluation[]> {
    const { rows } = await this.#database.pool.query<Omit<ComparedEvaluation, 'arms'>>(
      `SELECT e.id, e.name, e.state::text AS "state", e.protocol, e.seed, e.settings, e.cases,
         e.progress_version AS "version", s.id AS "sliceId", s.name AS "sliceName", d.id AS "datasetId",
         d.name AS "datasetName", d.format AS "datasetFormat", d.digest AS "datasetDigest", s.known_counts AS "knownCounts"
       FROM evaluation e JOIN slice s ON s.id = e.slice_id JOIN dataset d ON d.id = s.dataset_id
       WHERE e.project_id = $1 AND e.id = ANY($2::uuid[])`,
      [projectId, ids],
    )
    const arms = await this.#arms(rows.map(({ id }) => id))
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.flatMap((id) => {
      const row = byId.get(id)
      return row === undefined ? [] : { ...row, arms: arms.filter((a) => a.evaluationId === id) }
    })
  }

  async #arms(evaluationIds: readonly string[]): Promise<ComparedArmRow[]> {
    const { rows } = await this.#database.pool.query<ComparedArmRow>(
      `SELECT a.id, a.evaluation_id AS "evaluationId", a.name, a.model_id AS "modelId", m.name AS "modelName", a.method,
         a.hyperparameters, a.defaults, a.receipt
       FROM evaluation_arm a JOIN model m ON m.id = a.model_id WHERE a.evaluation_id = ANY($1::uuid[]) ORDER BY a.place`,
      [evaluationIds],
    )
    return rows
  }

  /** The evaluation of an arm; null when there is none in this project. */
  async evaluationOfArm(projectId: string, armId: string): Promise<ComparedEvaluation | null> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT e.id FROM evaluation_arm a JOIN evaluation e ON e.id = a.evaluation_id
       WHERE a.id = $1 AND e.project_id = $2`,
      [armId, projectId],
    )
    const [found] = rows
    if (found === undefined) return null
    return (await this.evaluations(projectId, [found.id]))[0] ?? null
  }

  /** Cases that the slices of all evaluations hold. */
  async sharedCases(evaluationIds: readonly string[]): Promise<number> {
    const { rows } = await this.#database.pool.query<{ shared: number }>(
      `SELECT count(*)::int AS "shared" FROM (
         SELECT p.place FROM evaluation e JOIN slice s ON s.id = e.slice_id, unnest(s.places[1:e.cases]) AS p(place)
         WHERE e.id = ANY($1::uuid[]) GROUP BY p.place HAVING count(DISTINCT e.id) = $2) AS "both"`,
      [evaluationIds, evaluationIds.length],
    )
    return rows[0]?.shared ?? 0
  }

  /** A kept answer as text; null when there is none. */
  async answer(key: string): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ answer: string }>(
      `SELECT answer::text AS "answer" FROM comparison_answer WHERE key = $1`,
      [key],
    )
    return rows[0]?.answer ?? null
  }

  /** Keeps an answer, and forgets those that are older than thirty days. */
  async keep(key: string, answer: string): Promise<void> {
    await this.#database.pool.query(
      `INSERT INTO comparison_answer (key, answer) VALUES ($1, $2::jsonb) ON CONFLICT (key) DO NOTHING`,
      [key, answer],
    )
    await this.#database.pool.query(
      `DELETE FROM comparison_answer WHERE created_at < now() - interval '30 days'`,
    )
  }

  /** Evaluations that ended lately: what may not have been computed ahead. */
  async endedLately(): Promise<EndedEvaluation[]> {
    const { rows } = await this.#database.pool.query<EndedEvaluation>(
      `SELECT id, project_id AS "projectId", progress_version AS "version" FROM evaluation
       WHERE state = 'DONE' AND finished_at > now() - interval '1 day' ORDER BY finished_at DESC LIMIT 20`,
    )
    return rows
  }

  /** @param places in the data set */
  async cellExtras(
    armIds: readonly string[],
    places: readonly number[],
  ): Promise<readonly CellExtra[]> {
    const { rows } = await this.#database.pool.query<CellExtra>(
      `WITH wanted AS (
         SELECT a.id AS arm_id, p.ordinality::int - 1 AS slice_place, p.place
         FROM evaluation_arm a JOIN evaluation e ON e.id = a.evaluation_id JOIN slice s ON s.id = e.slice_id,
           unnest(s.places[1:e.cases]) WITH ORDINALITY AS p(place, ordinality)
         WHERE a.id = ANY($1::uuid[]) AND p.place = ANY($2::int[]))
       SELECT r.arm_id AS "armId", w.place,
         jsonb_path_query_first(r.prompts, '$[*] ? (@.kind == "rewrite")') AS "rewrite",
         CASE WHEN r.kind = 'FAILURE' THEN r.record -> 'error' END AS "error"
       FROM wanted w JOIN case_result r ON r.arm_id = w.arm_id AND r.place = w.slice_place`,
      [armIds, places],
    )
    return rows
  }

  /** Every arm's row of a case, by its place in the data set. */
  async rowsOfCase(evaluationIds: readonly string[], place: number): Promise<WholeRow[]> {
    const { rows } = await this.#database.pool.query<WholeRow>(
      `SELECT ${wholeRow} FROM evaluation e JOIN slice s ON s.id = e.slice_id
         JOIN case_result r ON r.evaluation_id = e.id AND r.place = array_position(s.places, $2::int) - 1
       WHERE e.id = ANY($1::uuid[])`,
      [evaluationIds, place],
    )
    return rows
  }

  async caseOf(datasetId: string, place: number): Promise<PlacedCase | null> {
    const { rows } = await this.#database.pool.query<PlacedCase>(
      `SELECT place, case_id AS "caseId", relation, record FROM dataset_case WHERE dataset_id = $1 AND place = $2`,
      [datasetId, place],
    )
    return rows[0] ?? null
  }

  /** Rows of some cases in a row, case by case, in each the arms in order. @param from place in the slice */
  async rowsBetween(evaluationId: string, from: number, to: number): Promise<ExportedRow[]> {
    const { rows } = await this.#database.pool.query<ExportedRow>(
      `SELECT r.arm_id AS "armId", s.places[r.place + 1] AS "place", r.kind::text AS "kind", r.case_id AS "caseId", r.relation,
         r.metrics, r.before, r.skipped, r.edit_milliseconds AS "editMilliseconds",
         CASE WHEN r.kind = 'FAILURE' THEN r.record #>> '{error,code}' END AS "errorCode"
       FROM case_result r JOIN evaluation_arm a ON a.id = r.arm_id JOIN evaluation e ON e.id = r.evaluation_id
         JOIN slice s ON s.id = e.slice_id
       WHERE r.evaluation_id = $1 AND r.place >= $2 AND r.place < $3 ORDER BY r.place, a.place`,
      [evaluationId, from, to],
    )
    return rows
  }

  /** The engine's records of the same rows, each as JSON. */
  async recordsBetween(evaluationId: string, from: number, to: number): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{ record: string }>(
      `SELECT r.record::text AS "record" FROM case_result r JOIN evaluation_arm a ON a.id = r.arm_id
       WHERE r.evaluation_id = $1 AND r.place >= $2 AND r.place < $3 ORDER BY r.place, a.place`,
      [evaluationId, from, to],
    )
    return rows.map(({ record }) => record)
  }

  /** What a results file says in its first and last line. */
  async resultCounts(evaluationId: string): Promise<ResultCounts> {
    const { rows } = await this.#database.pool.query<ResultCounts>(
      `SELECT (SELECT count(*)::int FROM case_result WHERE evaluation_id = e.id AND kind = 'ROW') AS "rows",
         (SELECT count(*)::int FROM case_result WHERE evaluation_id = e.id AND kind = 'FAILURE') AS "failures",
         (SELECT array_agg(c.case_id ORDER BY u.number) FROM unnest(s.places[1:e.cases]) WITH ORDINALITY AS u(place, number)
            JOIN dataset_case c ON c.dataset_id = s.dataset_id AND c.place = u.place) AS "caseIds"
       FROM evaluation e JOIN slice s ON s.id = e.slice_id WHERE e.id = $1`,
      [evaluationId],
    )
    return rows[0] ?? { rows: 0, failures: 0, caseIds: [] }
  }
}

export interface EndedEvaluation {
  readonly id: string
  readonly projectId: string
  readonly version: number
}

export interface ResultCounts {
  readonly rows: number
  readonly failures: number
  readonly caseIds: readonly string[] | null
}

export interface ExportedRow extends Omit<WholeRow, 'prompts' | 'record'> {
  readonly errorCode: string | null
}

const wholeRow = `r.arm_id AS "armId", r.place, r.kind::text AS "kind", r.case_id AS "caseId", r.relation, r.metrics, r.before,
  r.prompts, r.record, r.skipped, r.edit_milliseconds AS "editMilliseconds"`
