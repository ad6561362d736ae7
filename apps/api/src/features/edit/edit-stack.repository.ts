// The stack of a model: its edits that have a place. The model's row is the lock, so that two orders never mix.
import type { Database } from '../../database/index.js'
import type { Edit as EditRow } from '../../database/generated/client.js'

/** Why an order was not taken. */
export type StackRefusal =
  | { readonly reason: 'changed'; readonly now: readonly string[] }
  | { readonly reason: 'unusable'; readonly id: string }

export class EditStackRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  read(projectId: string, modelId: string): Promise<EditRow[]> {
    return this.#database.prisma.edit.findMany({
      where: { projectId, modelId, stackPosition: { not: null } },
      orderBy: { stackPosition: 'asc' },
    })
  }

  /** Takes a whole order at once, or nothing. @param expected the order that must still hold; null for any */
  set(
    { projectId, modelId }: { readonly projectId: string; readonly modelId: string },
    editIds: readonly string[],
    expected: readonly string[] | null,
  ): Promise<StackRefusal | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${modelId}::uuid FOR UPDATE`
      const rows = await transaction.$queryRaw<
        { id: string; place: number | null; usable: boolean }[]
      >`
        SELECT "id", "stack_position" AS "place", "digest" IS NOT NULL AS "usable" FROM "edit"
        WHERE "project_id" = ${projectId}::uuid AND "model_id" = ${modelId}::uuid
          AND ("stack_position" IS NOT NULL OR "id" = ANY(${[...editIds]}::uuid[])) ORDER BY "stack_position" FOR UPDATE`
      const now = rows.filter(({ place }) => place !== null).map(({ id }) => id)
      if (expected !== null && expected.join() !== now.join()) return { reason: 'changed', now }
      const usable = new Set(rows.filter((row) => row.usable).map(({ id }) => id))
      const unusable = editIds.find((id) => !usable.has(id))
      if (unusable !== undefined) return { reason: 'unusable', id: unusable }
      await transaction.$executeRaw`
        UPDATE "edit" SET "stack_position" = array_position(${[...editIds]}::uuid[], "id") - 1
        WHERE "project_id" = ${projectId}::uuid AND "model_id" = ${modelId}::uuid
          AND ("stack_position" IS NOT NULL OR "id" = ANY(${[...editIds]}::uuid[]))`
      return null
    })
  }
}
