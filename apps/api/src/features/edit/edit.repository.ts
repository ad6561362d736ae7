// Rows of saved edits: list, create with their task, rename, delete. What they consist of is in edit-content.repository.ts.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { Edit as EditRow } from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { ring } from './edit-task.repository.js'
import type { EditTaskValues, Transaction } from './edit-task.repository.js'

export type { EditRow }

export type EditValues = Pick<
  Prisma.EditUncheckedCreateInput,
  | 'projectId'
  | 'authorId'
  | 'modelId'
  | 'name'
  | 'method'
  | 'requests'
  | 'probes'
  | 'hyperparameters'
  | 'seed'
  | 'clientMutationId'
> & { readonly onTopOf: string[] }

export interface EditConditions {
  readonly modelId?: string | null | undefined
  readonly method?: string | null | undefined
  readonly state?: RunStateKey | null | undefined
  readonly applied?: boolean | null | undefined
  readonly search?: string | null | undefined
}

/** Why an edit cannot be deleted. */
export type EditUse = 'stack' | 'base'

export class EditRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    projectId: string,
    page: PageRequest<TimePosition>,
    conditions: EditConditions,
  ): Promise<PageOfRows<EditRow>> {
    const { edit } = this.#database.prisma
    const where = await this.#whereOf(projectId, conditions)
    return readPage(
      page,
      ({ after, ...order }) => edit.findMany({ where: { ...where, ...after }, ...order }),
      () => edit.count({ where }),
    )
  }

  async #whereOf(projectId: string, conditions: EditConditions): Promise<Prisma.EditWhereInput> {
    const { modelId, method, state, applied, search } = conditions
    const found = search ? { id: { in: await this.#idsWithText(projectId, search) } } : {}
    return {
      ...{ projectId, ...found },
      ...(modelId ? { modelId } : {}),
      ...(method ? { method } : {}),
      ...(state ? { task: { state } } : {}),
      ...(typeof applied === 'boolean'
        ? { stackPosition: applied ? { not: null } : { equals: null } }
        : {}),
    }
  }

  /** The requests are JSON, which Prisma cannot search through. */
  async #idsWithText(projectId: string, search: string): Promise<string[]> {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    const rows = await this.#database.prisma.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "edit" WHERE "project_id" = ${projectId}::uuid AND ("name" ILIKE ${pattern} OR EXISTS (
        SELECT 1 FROM jsonb_array_elements("requests") r WHERE r->>'prompt' ILIKE ${pattern}
          OR r->>'subject' ILIKE ${pattern} OR r->>'target' ILIKE ${pattern}))`
    return rows.map(({ id }) => id)
  }

  find(projectId: string, id: string): Promise<EditRow | null> {
    return this.#database.prisma.edit.findFirst({ where: { projectId, id } })
  }

  byIds(projectId: string, ids: readonly string[]): Promise<EditRow[]> {
    return this.#database.prisma.edit.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  sameRequest(
    projectId: string,
    authorId: string,
    clientMutationId: string,
  ): Promise<EditRow | null> {
    return this.#database.prisma.edit.findFirst({
      where: { projectId, authorId, clientMutationId },
    })
  }

  /**
   * Inserts the edit, its task and the job in one transaction; the same `clientMutationId` again finds the first. Null when
   * an edit below it is gone.
   */
  create(
    values: EditValues,
    task: Pick<EditTaskValues, 'input' | 'inputDigest'>,
  ): Promise<EditRow | null> {
    const { projectId, authorId, modelId, onTopOf, clientMutationId } = values
    const insert = () =>
      this.#database.prisma.$transaction(async (transaction) => {
        const below = await transaction.$queryRaw<unknown[]>`
          SELECT 1 FROM "edit" WHERE "id" = ANY(${onTopOf}::uuid[]) FOR SHARE`
        if (below.length < new Set(onTopOf).size) return null
        const row = await transaction.edit.create({ data: values })
        const owner = { projectId, authorId, modelId, editId: row.id }
        const { id } = await transaction.editTask.create({
          data: { ...owner, ...task, kind: 'COMPUTE' },
        })
        await ring(transaction, id, true)
        return row
      })
    return createOnce(clientMutationId, insert, (same) =>
      this.sameRequest(projectId, authorId, same),
    )
  }

  async rename(projectId: string, id: string, name: string | null): Promise<EditRow | null> {
    const where = { projectId, id }
    const rows = await this.#database.prisma.edit.updateManyAndReturn({ where, data: { name } })
    return rows[0] ?? null
  }

  /**
   * Deletes an edit with everything that belongs to it, unless something needs it; false when there is none. Edits and
   * stacks that begin to need it wait for the lock on its row.
   */
  remove(projectId: string, id: string): Promise<boolean | EditUse> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.$queryRaw<{ applied: boolean }[]>`
        SELECT "stack_position" IS NOT NULL AS "applied" FROM "edit"
        WHERE "id" = ${id}::uuid AND "project_id" = ${projectId}::uuid FOR UPDATE`
      if (row === undefined) return false
      if (row.applied) return 'stack'
      if ((await transaction.edit.count({ where: { projectId, onTopOf: { has: id } } })) > 0)
        return 'base'
      return removeWithTask(transaction, id)
    })
  }
}

async function removeWithTask(transaction: Transaction, id: string): Promise<true> {
  const task = await transaction.editTask.findUnique({ where: { editId: id } })
  await transaction.edit.delete({ where: { id } })
  if (task !== null) await ring(transaction, task.id, false)
  return true
}
