// Rows of saved prompts.
import type { Database } from '../../database/index.js'
import { createOnce } from '../../database/create-once.js'
import type { Prisma, Prompt as PromptRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'

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

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    conditions: PromptConditions,
  ): Promise<PageOfRows<PromptRow>> {
    const { prompt } = this.#database.prisma
    const where = conditionsOf(projectId, conditions)
    return readPage(
      page,
      ({ after, ...order }) => prompt.findMany({ where: { ...where, ...after }, ...order }),
      () => prompt.count({ where }),
    )
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
  create(values: PromptValues): Promise<PromptRow> {
    const { prompt } = this.#database.prisma
    const { projectId, authorId } = values
    return createOnce(
      values.clientMutationId,
      () => prompt.create({ data: values }),
      (clientMutationId) => prompt.findFirst({ where: { projectId, authorId, clientMutationId } }),
    )
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
