// The table search.document, which triggers keep: what matches words, what is like them, and how hits read.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { SearchKindKey } from '../../vocabulary/note-names.js'
import { marks } from './search-words.js'
import type { SearchWords } from './search-words.js'

export interface RankedHit {
  readonly kind: SearchKindKey
  readonly key: string
  readonly score: number
}

export interface ShownHit {
  readonly kind: SearchKindKey
  readonly key: string
  readonly title: string
  readonly body: string
  readonly anchor: unknown
  /** With marks around what matches; no marks where it is only like it. */
  readonly marked: string
}

/** Matches that are ranked, the newest of them; of them in the place of a misspelt word. */
export const searchLimits = { ranked: 300, alike: 100 } as const

/** Words that a misspelt one may mean. */
const mostMeant = 4

export class SearchRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest matches with their rank, in no order. A title that is exactly the words comes first. */
  matches(
    projectId: string,
    kinds: readonly SearchKindKey[],
    words: SearchWords,
  ): Promise<RankedHit[]> {
    return this.#database.prisma.$queryRaw<RankedHit[]>`
      WITH asked AS MATERIALIZED (SELECT ${queryOf(words)} AS query)
      SELECT d."kind", d."key", round((1 + ts_rank(d."words", (SELECT query FROM asked), 1)
        + CASE WHEN lower(d."title") = lower(${words.whole}) THEN 1 ELSE 0 END)::numeric, 6)::float8 AS "score"
      FROM (
        SELECT "kind", "key", "title", "words" FROM "search"."document"
        WHERE "project_id" = ${projectId}::uuid AND "words" @@ (${scopeOf(projectId, kinds)}::tsquery && (${queryOf(words)}))
        ORDER BY "changed_at" DESC LIMIT ${searchLimits.ranked}) d`
  }

  /** Words that are written like each of these, of all that anything is written in; none for a word like no other. */
  async meant(words: readonly string[]): Promise<string[][]> {
    const rows = await this.#database.prisma.$queryRaw<{ place: number; words: string[] }[]>`
      SELECT t.place::int AS "place", array_agg(m."word") AS "words"
      FROM unnest(${[...words]}::text[]) WITH ORDINALITY AS t(typed, place) CROSS JOIN LATERAL (
        SELECT DISTINCT w."word", similarity(w."word", t.typed) AS likeness FROM "search"."word" w WHERE w."word" % t.typed
        ORDER BY likeness DESC, w."word" LIMIT ${mostMeant}) m GROUP BY t.place`
    const byPlace = new Map(rows.map((row) => [row.place, row.words]))
    return words.map((_, index) => byPlace.get(index + 1) ?? [])
  }

  /** What holds a word of each of these lists; their scores are below 1. */
  alike(
    projectId: string,
    kinds: readonly SearchKindKey[],
    meant: readonly (readonly string[])[],
  ): Promise<RankedHit[]> {
    const query = meant
      .map((words) => `(${words.map((word) => `'${word.replace(/['\\]/g, '')}'`).join(' | ')})`)
      .join(' & ')
    return this.#database.prisma.$queryRaw<RankedHit[]>`
      SELECT d."kind", d."key", round(least(0.4 + ts_rank(d."words", ${query}::tsquery, 1) / 2, 0.999)::numeric, 6)::float8 AS "score"
      FROM (SELECT "kind", "key", "words" FROM "search"."document"
        WHERE "project_id" = ${projectId}::uuid AND "words" @@ (${scopeOf(projectId, kinds)}::tsquery && ${query}::tsquery)
        ORDER BY "changed_at" DESC LIMIT ${searchLimits.alike}) d`
  }

  shown(projectId: string, hits: readonly RankedHit[], words: SearchWords): Promise<ShownHit[]> {
    const options = `StartSel=${marks.begin}, StopSel=${marks.end}, MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter=" … "`
    return this.#database.prisma.$queryRaw<ShownHit[]>`
      SELECT d."kind", d."key", d."title", d."body", d."anchor", ts_headline('english',
        translate(CASE WHEN d."body" = '' THEN d."title" ELSE d."body" END, ${marks.begin + marks.end}, ''),
        ${queryOf(words)}, ${options}) AS "marked"
      FROM unnest(${hits.map(({ kind }) => kind)}::text[], ${hits.map(({ key }) => key)}::text[]) AS k(kind, key)
      JOIN "search"."document" d ON d."project_id" = ${projectId}::uuid AND d."kind" = k.kind AND d."key" = k.key`
  }
}

/** The words as they are and by their stems; the last one also as the beginning of a word. */
function queryOf({ whole, before, beginning }: SearchWords): Prisma.Sql {
  const full = Prisma.sql`websearch_to_tsquery('english', ${whole}) || websearch_to_tsquery('simple', ${whole})`
  if (beginning === null) return full
  const begun = Prisma.sql`to_tsquery('simple', ${`${beginning}:*`})`
  if (before === '') return Prisma.sql`${full} || ${begun}`
  return Prisma.sql`${full} || ((websearch_to_tsquery('english', ${before}) || websearch_to_tsquery('simple', ${before})) && ${begun})`
}

/** @param projectId a UUID; @param kinds names of the table of kinds */
function scopeOf(projectId: string, kinds: readonly SearchKindKey[]): string {
  const kind = kinds.map((name) => `'@kind:${name}'`).join(' | ')
  return `'@project:${projectId}' & (${kind})`
}
