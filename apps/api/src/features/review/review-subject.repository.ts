// What is reviewed: whose it is, and a digest that changes whenever it does.
import { createHash } from 'node:crypto'
import type { Database } from '../../database/index.js'
import type { ReviewSubjectKey } from '../../vocabulary/talk-names.js'

export interface ReviewSubjectRow {
  readonly id: string
  readonly authorId: string
  /** Null of an edit that is not computed. */
  readonly digest: string | null
}

type Find = (projectId: string, ids: string[]) => Promise<ReviewSubjectRow[]>

const digestOf = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

export class ReviewSubjectRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(
    projectId: string,
    kind: ReviewSubjectKey,
    ids: readonly string[],
  ): Promise<Map<string, ReviewSubjectRow>> {
    const rows = await this.#finders[kind](projectId, [...ids])
    return new Map(rows.map((row) => [row.id, row]))
  }

  readonly #finders: Readonly<Record<ReviewSubjectKey, Find>> = {
    EDIT: (projectId, ids) =>
      this.#database.prisma.edit.findMany({
        where: { projectId, id: { in: ids } },
        select: { id: true, authorId: true, digest: true },
      }),
    ANNOTATION: async (projectId, ids) => {
      const rows = await this.#database.prisma.annotation.findMany({
        where: { projectId, id: { in: ids } },
        select: { id: true, authorId: true, version: true },
      })
      return rows.map(({ version, ...row }) => ({ ...row, digest: digestOf([row.id, version]) }))
    },
    EVALUATION: async (projectId, ids) => {
      const rows = await this.#database.prisma.evaluation.findMany({
        where: { projectId, id: { in: ids } },
        select: {
          ...{ id: true, authorId: true, protocol: true, seed: true, settings: true, cases: true },
          ...{ state: true, sliceId: true },
          arms: {
            select: { id: true, method: true, hyperparameters: true },
            orderBy: { place: 'asc' },
          },
          _count: { select: { results: true } },
        },
      })
      return rows.map(({ authorId, ...row }) => ({ id: row.id, authorId, digest: digestOf(row) }))
    },
  }
}
