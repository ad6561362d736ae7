// What files of annotations need of the database: rows in groups, models by digest, runs by configuration; and bringing rows in.
import type { Database } from '../../database/index.js'
import type { Prisma } from '../../database/generated/client.js'
import type { AnnotationRow, AnnotationValues } from './annotation.repository.js'

export interface ModelName {
  readonly id: string
  readonly name: string
  readonly digest: string
}

export interface ImportedAnnotation extends AnnotationValues {
  readonly clientMutationId: string
  /** Where it comes from, in words. */
  readonly change: string
}

type RowWithAuthor = AnnotationRow & { readonly author: { readonly name: string } }

/** Rows that are written together. */
const groupSize = 1_000
const longTransaction = { timeout: 120_000, maxWait: 20_000 }

export class AnnotationFileRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  models(projectId: string): Promise<ModelName[]> {
    const select = { id: true, name: true, digest: true }
    return this.#database.prisma.model.findMany({ where: { projectId }, select })
  }

  /** The next annotations after an id; of the project, of these ids, or of what is in a collection. */
  after(
    projectId: string,
    where: Prisma.AnnotationWhereInput,
    after: string | null,
    limit: number,
  ): Promise<RowWithAuthor[]> {
    return this.#database.prisma.annotation.findMany({
      where: { AND: [{ projectId }, where, after === null ? {} : { id: { gt: after } }] },
      orderBy: { id: 'asc' },
      take: limit,
      include: { author: { select: { name: true } } },
    })
  }

  collection(projectId: string, id: string) {
    const items = { orderBy: [{ place: 'asc' as const }, { id: 'asc' as const }] }
    return this.#database.prisma.collection.findFirst({
      where: { projectId, id },
      include: { items },
    })
  }

  /** Everything that is said about these things, without what was withdrawn. */
  async ofAnchors(projectId: string, keys: readonly string[]): Promise<AnnotationRow[]> {
    const found: AnnotationRow[] = []
    for (let at = 0; at < keys.length; at += groupSize) {
      const anchorKey = { in: keys.slice(at, at + groupSize) }
      const where = { projectId, anchorKey, state: { not: 'WITHDRAWN' as const } }
      found.push(...(await this.#database.prisma.annotation.findMany({ where })))
    }
    return found
  }

  /** A run of the project for each configuration. */
  async runsOf(projectId: string, digests: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#database.prisma.lensRun.findMany({
      where: { projectId, configDigest: { in: [...digests] } },
      distinct: ['configDigest'],
      select: { id: true, configDigest: true },
    })
    return new Map(rows.map(({ id, configDigest }) => [configDigest, id]))
  }

  /** All or nothing; how many were new to this author. */
  insert(rows: readonly ImportedAnnotation[]): Promise<number> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SET LOCAL statement_timeout = '120s'`
      let inserted = 0
      for (let at = 0; at < rows.length; at += groupSize)
        inserted += await insertGroup(transaction, rows.slice(at, at + groupSize))
      return inserted
    }, longTransaction)
  }
}

async function insertGroup(
  transaction: Prisma.TransactionClient,
  rows: readonly ImportedAnnotation[],
): Promise<number> {
  const created = await transaction.annotation.createManyAndReturn({
    data: rows.map(({ change: _change, ...row }) => row),
    skipDuplicates: true,
    select: { id: true, clientMutationId: true },
  })
  const byName = new Map(rows.map((row) => [row.clientMutationId, row]))
  const versions = created.flatMap(({ id, clientMutationId }) => {
    const row = byName.get(clientMutationId ?? '')
    if (row === undefined) return []
    const { authorId, label, description, tags, confidence, evidence, change } = row
    const text = { label, description, tags, confidence, evidence }
    return [{ annotationId: id, version: 1, authorId, change, ...text }]
  })
  await transaction.annotationVersion.createMany({ data: versions })
  return created.length
}
