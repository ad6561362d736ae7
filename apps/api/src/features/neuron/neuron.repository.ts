// Rows of neurons: pages of a layer by any order, one neuron with its slices, its annotations, and the edits that write to it.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import type { NeuronOrderKey } from '../../vocabulary/neuron-names.js'
import type { PartSlices } from './neuron-parts.js'

/** The layer of a model in a project, and the survey that knows it. */
export interface LayerScope {
  readonly projectId: string
  readonly modelId: string
  readonly layer: number
  readonly surveyId: string
}

export interface NeuronQuery {
  readonly order: NeuronOrderKey
  readonly descending: boolean
  readonly search: string | null
  readonly annotated: boolean | null
  readonly first: number
  readonly after: { readonly value: number; readonly index: number } | null
}

export interface NeuronValues {
  readonly index: number
  readonly keyWord: string
  readonly valueWord: string
  readonly keyNorm: number
  readonly valueNorm: number
  readonly maxActivation: number | null
  readonly meanActivation: number | null
  readonly maxCoefficient: number | null
  readonly histogram: number[]
  readonly histogramStart: number | null
  readonly binWidth: number | null
  readonly editNorm: number
  /** What it is sorted by, for the cursor. */
  readonly sortValue: number
}

export interface NeuronNotes {
  readonly count: number
  /** The newest accepted one; null without any. */
  readonly label: string | null
}

export interface WritingEdit {
  readonly editId: string
  readonly matrix: MatrixNameKey
  readonly norm: number
  readonly total: number
}

/** Every order is by a number that is never negative, so that what is not known can stand at the end. */
const orders: Readonly<Record<NeuronOrderKey, Prisma.Sql>> = {
  INDEX: Prisma.sql`n."index"::float8`,
  ACTIVATION: Prisma.sql`abs(n."max_activation")`,
  COEFFICIENT: Prisma.sql`abs(n."max_coefficient")`,
  KEY_NORM: Prisma.sql`n."key_norm"`,
  VALUE_NORM: Prisma.sql`n."value_norm"`,
  EDIT_NORM: Prisma.sql`n."edit_norm"`,
  ANNOTATIONS: Prisma.sql`coalesce(noted."count", 0)::float8`,
}
const unknownLast = { descending: -1, ascending: 1e300 } as const

const counted = Prisma.sql`"state" IN ('PROPOSED', 'ACCEPTED')`

export class NeuronRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** One row more than asked tells whether there is more. */
  async page(
    scope: LayerScope,
    query: NeuronQuery,
  ): Promise<{ rows: NeuronValues[]; totalCount: number }> {
    const where = conditions(scope, query)
    const [rows, counts] = await Promise.all([
      this.#database.prisma.$queryRaw<NeuronValues[]>(pageSql(scope, query, where)),
      this.#database.prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS "count" FROM "neuron" n ${notedJoin(scope, query)} WHERE ${where}`,
    ])
    return { rows, totalCount: counts[0]?.count ?? 0 }
  }

  async one(surveyId: string, index: number): Promise<NeuronValues | null> {
    const rows = await this.#database.prisma.$queryRaw<NeuronValues[]>`
      SELECT ${columns}, 0::float8 AS "sortValue" FROM "neuron" n
      WHERE n."survey_id" = ${surveyId}::uuid AND n."index" = ${index}`
    return rows[0] ?? null
  }

  /** The neuron's slice of every part of its survey. */
  async slices(surveyId: string, index: number): Promise<PartSlices> {
    const { rows } = await this.#database.pool.query<{ kind: string; slice: Uint8Array }>(
      `SELECT kind, substring(data FROM ($2 - "first") * stride + 1 FOR stride) AS slice FROM neuron_part
       WHERE survey_id = $1 AND "first" <= $2 AND $2 < "first" + "count"`,
      [surveyId, index],
    )
    return new Map(rows.map(({ kind, slice }) => [kind, slice]))
  }

  /** How often each neuron of a layer is annotated, and its accepted label. */
  async notes(
    { projectId, modelId, layer }: Omit<LayerScope, 'surveyId'>,
    indexes: readonly number[],
  ): Promise<Map<number, NeuronNotes>> {
    const rows = await this.#database.prisma.$queryRaw<(NeuronNotes & { neuron: number })[]>`
      SELECT "neuron", count(*)::int AS "count",
        (array_agg("label" ORDER BY "updated_at" DESC, "id" DESC) FILTER (WHERE "state" = 'ACCEPTED'))[1] AS "label"
      FROM "annotation" WHERE "project_id" = ${projectId}::uuid AND "model_id" = ${modelId}::uuid AND "layer" = ${layer}
        AND "neuron" = ANY(${[...indexes]}::int[]) AND "anchor_kind" = 'NEURON' AND ${counted} GROUP BY "neuron"`
    return new Map(rows.map(({ neuron, count, label }) => [neuron, { count, label }]))
  }

  /** Saved edits that change its row or columns, the strongest first. */
  async edits(
    { projectId, modelId, layer }: Omit<LayerScope, 'surveyId'>,
    index: number,
    most: number,
  ): Promise<WritingEdit[]> {
    const { rows } = await this.#database.pool.query<
      Omit<WritingEdit, 'norm'> & { slice: Uint8Array }
    >(
      `SELECT w.edit_id AS "editId", w.matrix::text AS "matrix", w.total, substring(w.norms FROM $4 * 4 + 1 FOR 4) AS slice
       FROM edit e JOIN edit_neuron_norms w ON w.edit_id = e.id
       WHERE e.project_id = $1 AND e.model_id = $2 AND w.layer = $3`,
      [projectId, modelId, layer, index],
    )
    return rows
      .map(({ slice, ...row }) => ({ ...row, norm: Buffer.from(slice).readFloatLE(0) }))
      .filter(({ norm }) => norm > 0)
      .sort((one, other) => other.norm - one.norm)
      .slice(0, most)
  }
}

const columns = Prisma.sql`n."index", n."key_word" AS "keyWord", n."value_word" AS "valueWord", n."key_norm" AS "keyNorm",
  n."value_norm" AS "valueNorm", n."max_activation" AS "maxActivation", n."mean_activation" AS "meanActivation",
  n."max_coefficient" AS "maxCoefficient", coalesce(n."histogram", '{}') AS "histogram", n."histogram_start" AS "histogramStart",
  n."bin_width" AS "binWidth", n."edit_norm" AS "editNorm"`

function pageSql(scope: LayerScope, query: NeuronQuery, where: Prisma.Sql): Prisma.Sql {
  const { order, descending, first, after } = query
  const unknown = unknownLast[descending ? 'descending' : 'ascending']
  const value = Prisma.sql`coalesce(${orders[order]}, ${unknown}::float8)`
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`
  const position =
    after === null
      ? Prisma.empty
      : Prisma.sql`AND (${value} ${beyond} ${after.value}::float8
          OR (${value} = ${after.value}::float8 AND n."index" > ${after.index}))`
  return Prisma.sql`SELECT ${columns}, ${value} AS "sortValue" FROM "neuron" n ${notedJoin(scope, query)}
    WHERE ${where} ${position} ORDER BY "sortValue" ${direction}, n."index" LIMIT ${first + 1}`
}

/** Annotations are only counted for all neurons where the list depends on them. */
function notedJoin(
  { projectId, modelId, layer }: LayerScope,
  { order, annotated }: NeuronQuery,
): Prisma.Sql {
  if (order !== 'ANNOTATIONS' && annotated === null) return Prisma.empty
  return Prisma.sql`LEFT JOIN (
    SELECT "neuron", count(*) AS "count" FROM "annotation"
    WHERE "project_id" = ${projectId}::uuid AND "model_id" = ${modelId}::uuid AND "layer" = ${layer}
      AND "anchor_kind" = 'NEURON' AND ${counted} GROUP BY "neuron") noted ON noted."neuron" = n."index"`
}

function conditions(
  { surveyId, projectId, modelId, layer }: LayerScope,
  { search, annotated }: NeuronQuery,
): Prisma.Sql {
  const all = [Prisma.sql`n."survey_id" = ${surveyId}::uuid`]
  if (annotated !== null)
    all.push(annotated ? Prisma.sql`noted."count" IS NOT NULL` : Prisma.sql`noted."count" IS NULL`)
  if (search !== null) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    all.push(Prisma.sql`(n."words" ILIKE ${pattern} OR n."index" IN (
      SELECT "neuron" FROM "annotation" WHERE "project_id" = ${projectId}::uuid AND "model_id" = ${modelId}::uuid
        AND "layer" = ${layer} AND "anchor_kind" = 'NEURON' AND ${counted} AND "label" ILIKE ${pattern}))`)
  }
  return Prisma.join(all, ' AND ')
}
