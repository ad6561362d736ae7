// Rows of evaluations as users see them: list, start, change, delete. Leases and rows are in jobs/evaluation-*.repository.ts.
import { createOnce } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type {
  Evaluation as EvaluationRow,
  EvaluationArm as ArmRow,
} from '../../database/generated/client.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'
import type { EvaluationStateKey } from '../../vocabulary/evaluation-names.js'
import {
  addArms,
  addBatches,
  requeueFailures,
  revokeLeases,
  ring,
} from './evaluation-change.repository.js'
import type { ArmValues, Transaction } from './evaluation-change.repository.js'

export type { ArmRow, ArmValues, EvaluationRow }

export type EvaluationValues = Pick<
  Prisma.EvaluationUncheckedCreateInput,
  | 'projectId'
  | 'authorId'
  | 'sliceId'
  | 'clonedFromId'
  | 'name'
  | 'note'
  | 'protocol'
  | 'seed'
  | 'priority'
  | 'clientMutationId'
> & { readonly cases: number; readonly settings: Prisma.InputJsonObject }

export interface EvaluationConditions {
  readonly state?: EvaluationStateKey | null | undefined
  readonly protocol?: string | null | undefined
  readonly modelId?: string | null | undefined
  readonly method?: string | null | undefined
  readonly search?: string | null | undefined
}

export interface Extension {
  /** Cases in all; as many as there are when absent. */
  readonly cases: number
  readonly arms: readonly ArmValues[]
}

type Change = Prisma.EvaluationUncheckedUpdateManyInput

/** Deleting a hundred thousand rows may take its time. */
const longTransaction = { timeout: 120_000, maxWait: 20_000 }

export class EvaluationRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(
    projectId: string,
    page: PageRequest<TimePosition>,
    { state, protocol, modelId, method, search }: EvaluationConditions,
  ): Promise<PageOfRows<EvaluationRow>> {
    const { evaluation } = this.#database.prisma
    const contains = { contains: search ?? '', mode: 'insensitive' as const }
    const where: Prisma.EvaluationWhereInput = {
      projectId,
      ...(state ? { state } : {}),
      ...(protocol ? { protocol } : {}),
      ...(search ? { OR: [{ name: contains }, { note: contains }] } : {}),
      AND: [
        modelId ? { arms: { some: { modelId } } } : {},
        method ? { arms: { some: { method } } } : {},
      ],
    }
    return readPage(
      page,
      ({ after, ...order }) => evaluation.findMany({ where: { AND: [where, after] }, ...order }),
      () => evaluation.count({ where }),
    )
  }

  find(projectId: string, id: string): Promise<EvaluationRow | null> {
    return this.#database.prisma.evaluation.findFirst({ where: { projectId, id } })
  }

  byIds(projectId: string, ids: readonly string[]): Promise<EvaluationRow[]> {
    return this.#database.prisma.evaluation.findMany({ where: { projectId, id: { in: [...ids] } } })
  }

  async armsOf(evaluationIds: readonly string[]): Promise<Map<string, ArmRow[]>> {
    const rows = await this.#database.prisma.evaluationArm.findMany({
      where: { evaluationId: { in: [...evaluationIds] } },
      orderBy: [{ evaluationId: 'asc' }, { place: 'asc' }],
    })
    const found = new Map<string, ArmRow[]>()
    for (const row of rows)
      found.set(row.evaluationId, [...(found.get(row.evaluationId) ?? []), row])
    return found
  }

  armCount(evaluationId: string): Promise<number> {
    return this.#database.prisma.evaluationArm.count({ where: { evaluationId } })
  }

  sameRequest(
    projectId: string,
    authorId: string,
    clientMutationId: string,
  ): Promise<EvaluationRow | null> {
    return this.#database.prisma.evaluation.findFirst({
      where: { projectId, authorId, clientMutationId },
    })
  }

  /** Inserts the evaluation, its arms and its batches in one transaction; the same `clientMutationId` again finds the first. */
  create(values: EvaluationValues, arms: readonly ArmValues[]): Promise<EvaluationRow> {
    const { projectId, authorId, clientMutationId, cases, settings } = values
    const insert = () =>
      this.#database.prisma.$transaction(async (transaction) => {
        const row = await transaction.evaluation.create({ data: values })
        const computedWith = await addArms(transaction, row.id, arms)
        const casesPerBatch = Number(settings['casesPerBatch'])
        await addBatches(transaction, row.id, { computedWith, from: 0, to: cases, casesPerBatch })
        await ring(transaction, row.id, true)
        return row
      }, longTransaction)
    return createOnce(clientMutationId, insert, (same) =>
      this.sameRequest(projectId, authorId, same),
    )
  }

  async rename(
    projectId: string,
    id: string,
    data: { readonly name: string; readonly note?: string | null },
  ): Promise<EvaluationRow | null> {
    const { evaluation } = this.#database.prisma
    return (await evaluation.updateManyAndReturn({ where: { projectId, id }, data }))[0] ?? null
  }

  async setPriority(
    projectId: string,
    id: string,
    priority: number,
  ): Promise<EvaluationRow | null> {
    const where = { projectId, id }
    const { evaluation } = this.#database.prisma
    return (await evaluation.updateManyAndReturn({ where, data: { priority } }))[0] ?? null
  }

  /** Nothing new is begun; what is being computed is finished. Null when it has ended or is paused already. */
  pause(projectId: string, id: string): Promise<EvaluationRow | null> {
    return this.#change(projectId, id, ['QUEUED', 'RUNNING'], async () => ({ state: 'PAUSED' }))
  }

  /** Ends it; leases are taken away, so that workers stop at once. Null when it has ended. */
  cancel(projectId: string, id: string): Promise<EvaluationRow | null> {
    return this.#change(projectId, id, ['QUEUED', 'RUNNING', 'PAUSED'], async (transaction) => {
      await revokeLeases(transaction, id)
      return { state: 'CANCELLED', finishedAt: new Date() }
    })
  }

  /** Lets it go on. Null when it neither is paused nor was cancelled or has failed. */
  resume(projectId: string, id: string): Promise<EvaluationRow | null> {
    return this.#change(projectId, id, ['PAUSED', 'CANCELLED', 'FAILED'], async () => goingOn)
  }

  /** Forgets failures and has them computed again; 0 when there was none. Null when there is no such evaluation. */
  async retryFailures(projectId: string, id: string): Promise<EvaluationRow | null | 0> {
    let failures = 0
    const row = await this.#change(projectId, id, null, async (transaction, { state }) => {
      failures = await requeueFailures(transaction, id)
      if (failures === 0) return null
      return state === 'RUNNING' || state === 'PAUSED' ? {} : goingOn
    })
    return row !== null || failures > 0 ? row : (await this.find(projectId, id)) && 0
  }

  /** Adds cases and arms. Null when it was cancelled, has failed, or is gone. */
  extend(projectId: string, id: string, { cases, arms }: Extension): Promise<EvaluationRow | null> {
    const from: EvaluationStateKey[] = ['QUEUED', 'RUNNING', 'PAUSED', 'DONE']
    return this.#change(projectId, id, from, async (transaction, row) => {
      const casesPerBatch = Number((row.settings as Prisma.JsonObject)['casesPerBatch'])
      const known = await transaction.evaluationArm.findMany({
        where: { evaluationId: id },
        distinct: ['computedWith'],
      })
      const computedWith = known.map((arm) => arm.computedWith)
      const to = Math.max(cases, row.cases)
      await addBatches(transaction, id, { computedWith, from: row.cases, to, casesPerBatch })
      const added = arms.length === 0 ? [] : await addArms(transaction, id, arms)
      await addBatches(transaction, id, { computedWith: added, from: 0, to, casesPerBatch })
      return { cases: to, ...(row.state === 'DONE' ? goingOn : {}) }
    })
  }

  async remove(projectId: string, id: string): Promise<boolean> {
    const removed = await this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SET LOCAL statement_timeout = '120s'`
      const { count } = await transaction.evaluation.deleteMany({ where: { projectId, id } })
      if (count > 0) await ring(transaction, id, false)
      return count
    }, longTransaction)
    return removed > 0
  }

  /** Locks the evaluation, changes it and tells everybody. Null when it is in none of the states, or nothing is changed. */
  #change(
    projectId: string,
    id: string,
    from: readonly EvaluationStateKey[] | null,
    work: (transaction: Transaction, row: EvaluationRow) => Promise<Change | null>,
  ): Promise<EvaluationRow | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`
        SELECT 1 FROM "evaluation" WHERE "id" = ${id}::uuid AND "project_id" = ${projectId}::uuid FOR NO KEY UPDATE`
      const row = await transaction.evaluation.findFirst({ where: { projectId, id } })
      if (row === null || (from !== null && !from.includes(row.state))) return null
      const change = await work(transaction, row)
      if (change === null) return null
      const data = { ...change, progressVersion: { increment: 1 } }
      const changed = await transaction.evaluation.update({ where: { id }, data })
      await ring(transaction, id, changed.state === 'QUEUED' || changed.state === 'RUNNING')
      return changed
    }, longTransaction)
  }
}

const goingOn = { state: 'QUEUED', finishedAt: null, error: Prisma.DbNull } as const
