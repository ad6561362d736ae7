// What somebody asks of cases -> conditions of a query. `c` is the case.
import { Prisma } from '../../database/generated/client.js'

export interface CaseConditions {
  readonly datasetId: string
  readonly relations?: readonly string[] | null | undefined
  readonly caseIds?: readonly string[] | null | undefined
  readonly search?: string | null | undefined
}

/** The letters that mean something else in LIKE stand for themselves. */
const literal = (text: string): string => text.replace(/[\\%_]/g, (letter) => `\\${letter}`)

export function caseConditions({
  datasetId,
  relations,
  caseIds,
  search,
}: CaseConditions): Prisma.Sql {
  const parts = [Prisma.sql`c."dataset_id" = ${datasetId}::uuid`]
  if (relations && relations.length > 0)
    parts.push(Prisma.sql`c."relation" = ANY(${[...relations]}::text[])`)
  if (caseIds && caseIds.length > 0)
    parts.push(Prisma.sql`c."case_id" = ANY(${[...caseIds]}::text[])`)
  const text = search?.trim()
  if (text) {
    const pattern = `%${literal(text)}%`
    parts.push(
      Prisma.sql`(c."subject" || ' ' || c."prompt" ILIKE ${pattern} OR c."case_id" = ${text})`,
    )
  }
  return Prisma.join(parts, ' AND ')
}
