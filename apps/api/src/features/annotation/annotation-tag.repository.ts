// Tags of annotations: counts, and the tags of annotations that are near or alike.
import type { Database } from '../../database/index.js'

export interface CountedTag {
  readonly tag: string
  readonly count: number
}

/** Neurons to either side, in index, that count as beside. */
const neighbours = 8
/** Annotations that read alike which are looked at. */
const mostAlike = 200

export class AnnotationTagRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  counts(projectId: string, limit: number): Promise<CountedTag[]> {
    return this.#database.prisma.$queryRaw<CountedTag[]>`
      SELECT t.tag, count(*)::int AS "count" FROM "annotation" a CROSS JOIN LATERAL unnest(a."tags") AS t(tag)
      WHERE a."project_id" = ${projectId}::uuid AND a."state" <> 'WITHDRAWN'
      GROUP BY t.tag ORDER BY "count" DESC, t.tag LIMIT ${limit}`
  }

  ofAnchor(projectId: string, anchorKey: string): Promise<CountedTag[]> {
    return this.#database.prisma.$queryRaw<CountedTag[]>`
      SELECT t.tag, count(*)::int AS "count" FROM "annotation" a CROSS JOIN LATERAL unnest(a."tags") AS t(tag)
      WHERE a."project_id" = ${projectId}::uuid AND a."anchor_key" = ${anchorKey} AND a."state" <> 'WITHDRAWN' GROUP BY t.tag`
  }

  beside(projectId: string, modelId: string, layer: number, neuron: number): Promise<CountedTag[]> {
    return this.#database.prisma.$queryRaw<CountedTag[]>`
      SELECT t.tag, count(*)::int AS "count" FROM "annotation" a CROSS JOIN LATERAL unnest(a."tags") AS t(tag)
      WHERE a."project_id" = ${projectId}::uuid AND a."model_id" = ${modelId}::uuid AND a."layer" = ${layer}
        AND a."neuron" BETWEEN ${neuron - neighbours} AND ${neuron + neighbours} AND a."neuron" <> ${neuron}
        AND a."state" <> 'WITHDRAWN' GROUP BY t.tag`
  }

  /** Of annotations whose label is like the text by its trigrams; `count` is the sum of the likenesses, from 0.3 to 1 each. */
  alike(projectId: string, text: string): Promise<CountedTag[]> {
    return this.#database.prisma.$queryRaw<CountedTag[]>`
      SELECT t.tag, sum(x.likeness)::float8 AS "count" FROM (
        SELECT a."tags", similarity(a."label", ${text}) AS likeness FROM "annotation" a
        WHERE a."project_id" = ${projectId}::uuid AND a."state" <> 'WITHDRAWN' AND lower(a."label") % lower(${text})
        LIMIT ${mostAlike}) x CROSS JOIN LATERAL unnest(x."tags") AS t(tag) GROUP BY t.tag`
  }
}
