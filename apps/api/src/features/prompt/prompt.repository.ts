// Rows of saved prompts.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Prompt as PromptRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { afterPosition, newestFirst } from '../../pagination/time-order.js'

export type { PromptRow }

export interface PromptValues {
  readonly projectId: string
  readonly authorId: string
  readonly modelId: string | null
  readonly text: string
  readonly target: string | null
  readonly tags: string[]
  readonly note: string | null
  readonly clientMutationId: string | null
}

export interface PromptConditions {
  readonly search?: string | null | undefined
  readonly tag?: string | null | undefined
}

export interface PromptChanges {
  tags?: string[]
  note?: string | null
  target?: string | null
}

function conditionsOf(
  projectId: string,
  { search, tag }: PromptConditions,
): Prisma.PromptWhereInput {
  const contains = { contains: search ?? '', mode: 'insensitive' as const }
  return {
    projectId,
    ...(tag ? { tags: { has: tag } } : {}),
    ...(search ? { OR: [{ text: contains }, { target: contains }, { note: contains }] } : {}),
  }
}

export class PromptRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: PageRequest<TimePosition>,
    conditions: PromptConditions,
  ): Promise<{ rows: PromptRow[]; totalCount: number }> {
    const { prompt } = this.#database.prisma
    const where = conditionsOf(projectId, conditions)
    const [rows, totalCount] = await Promise.all([
      prompt.findMany({
        where: { ...where, ...afterPosition(page) },
        orderBy: newestFirst,
        take: page.first + 1,
      }),
      prompt.count({ where }),
    ])
    return { rows, totalCount }
  }

  byIds(projectId: string, ids: readonly string[]): Promise<PromptRow[]> {
    return this.#database.prisma.prompt.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  async tags(projectId: string): Promise<string[]> {
    const rows = await this.#database.prisma.$queryRaw<{ tag: string }[]>`
      SELECT DISTINCT unnest("tags") AS "tag" FROM "prompt" WHERE "project_id" = ${projectId}::uuid ORDER BY 1`
    return rows.map((row) => row.tag)
  }

  /** Saves once for each `clientMutationId`: the same request again finds the first row. */
  async create(values: PromptValues): Promise<PromptRow> {
    try {
      return await this.#database.prisma.prompt.create({ data: values })
    } catch (error) {
      const first = await this.#firstOfSameRequest(values, error)
      if (first === null) throw error
      return first
    }
  }

  async #firstOfSameRequest(values: PromptValues, error: unknown): Promise<PromptRow | null> {
    const conflict = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
    if (!conflict || values.clientMutationId === null) return null
    const { projectId, authorId, clientMutationId } = values
    return this.#database.prisma.prompt.findFirst({
      where: { projectId, authorId, clientMutationId },
    })
  }

  /** The changed row; null when there is none. */
  async update(projectId: string, id: string, changes: PromptChanges): Promise<PromptRow | null> {
    const rows = await this.#database.prisma.prompt.updateManyAndReturn({
      where: { projectId, id },
      data: changes,
    })
    return rows[0] ?? null
  }

  async remove(projectId: string, id: string): Promise<boolean> {
    const { count } = await this.#database.prisma.prompt.deleteMany({ where: { projectId, id } })
    return count > 0
  }
}
