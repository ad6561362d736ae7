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

/** Matches that are ranked, the newest of them; things that are only like the words, of so many that are looked at. */
export const searchLimits = { ranked: 1_000, alike: 100, looked: 1_000 } as const

/** Two letters that changed places leave a short word half of its trigrams. */
const leastLikeness = 'SET LOCAL pg_trgm.word_similarity_threshold = 0.45'

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

  /** What is like the words by their trigrams, misspelt or cut short. */
  async alike(
    projectId: string,
    kinds: readonly SearchKindKey[],
    { whole }: SearchWords,
  ): Promise<RankedHit[]> {
    const text = whole.toLowerCase()
    const found = Prisma.sql`lower("title" || ' ' || left("body", 300))`
    const [, hits] = await this.#database.prisma.$transaction([
      this.#database.prisma.$executeRawUnsafe(leastLikeness),
      this.#database.prisma.$queryRaw<RankedHit[]>`
        SELECT d."kind", d."key", round(least(d.likeness, 0.999)::numeric, 6)::float8 AS "score" FROM (
          SELECT "kind", "key", word_similarity(${text}, ${found}) AS likeness FROM "search"."document"
          WHERE "project_id" = ${projectId}::uuid AND "kind" = ANY(${[...kinds]}::text[]) AND ${text} <% ${found}
          LIMIT ${searchLimits.looked}) d ORDER BY d.likeness DESC, d."kind", d."key" LIMIT ${searchLimits.alike}`,
    ])
    return hits
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
