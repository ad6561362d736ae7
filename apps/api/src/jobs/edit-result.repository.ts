// Stores what came of a computation about edits, under its lease: the answer and the end of the task, both or neither.
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type { ComputedEdit } from '../engine/engine-vocabulary.js'
import { toRecord, toStoredDelta } from '../engine/stored-edit.js'
import { summarize } from '../features/edit/edit-summary.js'
import type { ModelValues } from '../features/model/model.repository.js'
import type { ClaimedEditTask } from './edit-lease.repository.js'

/** JSON as rows keep it; NaN and typed arrays have no place in it. */
const asJson = (value: unknown): Prisma.InputJsonValue =>
  JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue

export class EditResultRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A computed edit; false when the lease was lost, as of all below. */
  storeEdit(held: ClaimedEditTask, computed: ComputedEdit): Promise<boolean> {
    const { edit, effect, readings, growth } = computed
    const editId = held.editId as string
    return this.#finish(held, async (transaction) => {
      await transaction.edit.update({
        where: { id: editId },
        data: {
          digest: edit.id,
          skipReason: edit.outcome.kind === 'skipped' ? edit.outcome.reason : null,
          warnings: [...edit.warnings],
          hyperparameters: asJson(edit.hyperparameters),
          summary: asJson(summarize(computed)),
        },
      })
      const pages = { effect, readings, growth, record: toRecord(edit) }
      const values = Object.entries(pages).map(([name, value]) => [name, asJson(value)])
      await transaction.editResult.create({
        data: { editId, ...(Object.fromEntries(values) as Record<keyof typeof pages, object>) },
      })
      for (const [place, delta] of edit.deltas.entries())
        await transaction.editDelta.create({ data: { editId, ...toStoredDelta(delta, place) } })
      return null
    })
  }

  /** The answer of a preview, a trial or a comparison. */
  storeAnswer(held: ClaimedEditTask, answer: object): Promise<boolean> {
    return this.#finish(held, async () => answer)
  }

  /** An exported model: its row, and the answer that names it. */
  storeModel(held: ClaimedEditTask, values: ModelValues, numbers: object): Promise<boolean> {
    const { projectId } = held
    return this.#finish(held, async (transaction) => {
      const { id, name } = await transaction.model.upsert({
        where: { projectId_name: { projectId, name: values.name } },
        update: values,
        create: { ...values, projectId },
      })
      return { modelId: id, modelName: name, ...numbers }
    })
  }

  #finish(
    { id, leaseEpoch }: ClaimedEditTask,
    write: (transaction: Prisma.TransactionClient) => Promise<object | null>,
  ): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const fenced = await transaction.$queryRaw<unknown[]>`
        SELECT 1 FROM "edit_task"
        WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' FOR UPDATE`
      if (fenced.length === 0) return false
      const answer = await write(transaction)
      const result = answer === null ? null : JSON.stringify(answer)
      await transaction.$queryRaw`
        UPDATE "edit_task" SET "state" = 'DONE', "stage" = 'done', "done" = NULL, "total" = NULL, "result" = ${result}::jsonb,
          "finished_at" = clock_timestamp(), "lease_owner" = NULL, "lease_until" = NULL,
          "progress_version" = "progress_version" + 1
        WHERE "id" = ${id}::uuid RETURNING pg_notify('imprint_run', "id"::text)::text`
      return true
    })
  }
}
