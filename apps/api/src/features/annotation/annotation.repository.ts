// Rows of annotations and of their versions: write, read by id. Lists are in annotation-list.repository.ts.
import { isConflict } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import type { Annotation, AnnotationVersion, Prisma } from '../../database/generated/client.js'
import { groupsOf } from './groups-of.js'

export type AnnotationRow = Annotation
export type AnnotationVersionRow = AnnotationVersion

/** What a version consists of. */
export interface AnnotationText {
  readonly label: string
  readonly description: string
  readonly tags: string[]
  readonly confidence: number
  readonly evidence: Prisma.InputJsonArray
}

export interface AnnotationValues extends AnnotationText {
  readonly projectId: string
  readonly authorId: string
  readonly anchorKind: Annotation['anchorKind']
  readonly anchorKey: string
  readonly anchor: Prisma.InputJsonObject
  readonly modelId: string | null
  readonly layer: number | null
  readonly neuron: number | null
  readonly clientMutationId: string | null
}

export interface AnnotationChange {
  readonly projectId: string
  readonly id: string
  /** The version that was seen. */
  readonly version: number
  readonly authorId: string
  readonly change: string | null
}

export class AnnotationRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(projectId: string, id: string): Promise<AnnotationRow | null> {
    return this.#database.prisma.annotation.findFirst({ where: { projectId, id } })
  }

  byIds(projectId: string, ids: readonly string[]): Promise<AnnotationRow[]> {
    const where = { projectId, id: { in: [...ids] } }
    return this.#database.prisma.annotation.findMany({ where })
  }

  /** Its first version goes in with it. The same `clientMutationId` again finds the first row; `isNew` says which it was. */
  async create(values: AnnotationValues): Promise<{ row: AnnotationRow; isNew: boolean }> {
    const { prisma } = this.#database
    const { projectId, authorId, clientMutationId } = values
    try {
      const row = await prisma.annotation.create({
        data: { ...values, versions: { create: { version: 1, authorId, ...textOf(values) } } },
      })
      return { row, isNew: true }
    } catch (error) {
      if (!isConflict(error) || clientMutationId === null) throw error
      const where = { projectId, authorId, clientMutationId }
      return { row: await prisma.annotation.findFirstOrThrow({ where }), isNew: false }
    }
  }

  /** The next version; null when the one that was seen is no longer the newest. What a review decided is open again. */
  update(change: AnnotationChange, text: AnnotationText): Promise<AnnotationRow | null> {
    const { projectId, id, version, authorId } = change
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.annotation.updateManyAndReturn({
        where: { projectId, id, version },
        data: { ...text, version: version + 1, state: 'PROPOSED', updatedAt: new Date() },
      })
      if (row === undefined) return null
      await transaction.annotationVersion.create({
        data: { annotationId: id, version: row.version, authorId, change: change.change, ...text },
      })
      return row
    })
  }

  async withdraw(projectId: string, id: string): Promise<AnnotationRow | null> {
    const [row] = await this.#database.prisma.annotation.updateManyAndReturn({
      where: { projectId, id },
      data: { state: 'WITHDRAWN', updatedAt: new Date() },
    })
    return row ?? null
  }

  /** Of annotations that were read from the viewer's project, oldest version first. */
  async versions(ids: readonly string[]): Promise<Map<string, AnnotationVersionRow[]>> {
    const rows = await this.#database.prisma.annotationVersion.findMany({
      where: { annotationId: { in: [...ids] } },
      orderBy: [{ annotationId: 'asc' }, { version: 'asc' }],
    })
    return groupsOf(rows, ({ annotationId }) => annotationId)
  }
}

const textOf = ({ label, description, tags, confidence, evidence }: AnnotationText) => ({
  ...{ label, description, tags, confidence, evidence },
})
