// Checked contents of export files -> rows, each file in one transaction: everything or nothing.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { StoredDelta } from '../../engine/stored-edit.js'
import type { Viewer } from '../account/viewer.js'
import { digestInput } from '../edit/task-input.js'
import { writeImportedResult } from '../lens-run/lens-result.repository.js'
import type { StoredResult } from '../lens-run/lens-result.repository.js'
import type { EditContent, EvaluationContent, EvaluationRow, RunContent } from './contents.js'

export interface RunToImport {
  readonly content: RunContent
  readonly result: StoredResult
  readonly modelId: string
  readonly editIds: readonly string[]
}

export interface EditToImport {
  readonly content: EditContent
  readonly deltas: readonly StoredDelta[]
  readonly model: { readonly id: string; readonly digest: string }
  readonly onTopOf: readonly string[]
}

export interface EvaluationToImport {
  readonly content: EvaluationContent
  readonly rows: readonly EvaluationRow[]
  readonly datasetId: string
  /** By arm. */
  readonly modelIds: readonly string[]
  readonly knownByModelId: string | null
}

type Json = Prisma.InputJsonValue
const rowsAtOnce = 500
const longTransaction = { timeout: 120_000, maxWait: 20_000 }

export class ImportRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async modelIdOf(projectId: string, digest: string): Promise<string | null> {
    const { model } = this.#database.prisma
    const where = { projectId, digest }
    return (await model.findFirst({ where, orderBy: { createdAt: 'asc' } }))?.id ?? null
  }

  async datasetOf(projectId: string, digest: string) {
    return this.#database.prisma.dataset.findFirst({ where: { projectId, digest } })
  }

  /** Ids of computed edits of a model in the order of their digests; null in the place of one that is not there. */
  async editIdsOf(
    projectId: string,
    modelId: string,
    digests: readonly string[],
  ): Promise<(string | null)[]> {
    const rows = await this.#database.prisma.edit.findMany({
      where: { projectId, modelId, digest: { in: [...digests] } },
      orderBy: { createdAt: 'desc' },
    })
    const idOf = new Map(rows.map(({ id, digest }) => [digest, id]))
    return digests.map((digest) => idOf.get(digest) ?? null)
  }

  /** A run that is done as soon as it is there. */
  async run(viewer: Viewer, { content, result, modelId, editIds }: RunToImport): Promise<string> {
    const { name, promptText, targetText, promptIds, targetIds, targetMode } = content
    const { lens, topK, matrices, provider, configDigest } = content
    const { id } = await this.#database.prisma.lensRun.create({
      data: {
        ...{ projectId: viewer.projectId, authorId: viewer.userId, modelId, editIds: [...editIds] },
        ...{ name, promptText, targetText, promptIds, targetIds, targetMode },
        ...{ lens, topK, matrices, provider, configDigest },
        // No worker takes a cancelled run, and it becomes DONE with its results or goes.
        state: 'CANCELLED',
      },
    })
    const client = await this.#database.pool.connect()
    try {
      await client.query('BEGIN')
      await writeImportedResult(client, id, result)
      await client.query('COMMIT')
      client.release()
      return id
    } catch (error) {
      client.release(true)
      await this.#database.prisma.lensRun.deleteMany({ where: { id } })
      throw error
    }
  }

  edit(viewer: Viewer, { content, deltas, model, onTopOf }: EditToImport): Promise<string> {
    const { projectId, userId: authorId } = viewer
    const { name, method, seed, digest, skipReason, warnings } = content
    const { requests, probes, hyperparameters, summary } = content as unknown as Record<
      string,
      Json
    >
    const { record, effect, readings, growth } = content as unknown as Record<string, Json>
    const asked = { method, requests, hyperparameters, seed, onTopOf, probes }
    return this.#database.prisma.$transaction(async (transaction) => {
      const { id } = await transaction.edit.create({
        data: {
          ...{ projectId, authorId, modelId: model.id, name, method, seed, digest, skipReason },
          ...{ warnings, onTopOf: [...onTopOf], summary: summary as Json },
          ...{ requests: requests as Json, probes: probes as Json },
          hyperparameters: hyperparameters as Json,
          task: {
            create: {
              ...{
                projectId,
                authorId,
                modelId: model.id,
                kind: 'COMPUTE',
                input: asked as object,
              },
              inputDigest: digestInput('COMPUTE', model.digest, asked),
              ...{ state: 'DONE', stage: 'done', attempt: 1, finishedAt: new Date() },
            },
          },
        },
      })
      const pages = { record, effect, readings, growth } as Record<string, object>
      await transaction.editResult.create({ data: { editId: id, ...pages } as never })
      for (const delta of deltas)
        await transaction.editDelta.create({ data: { editId: id, ...delta } })
      return id
    }, longTransaction)
  }

  evaluation(viewer: Viewer, source: EvaluationToImport): Promise<string> {
    const { content, rows, modelIds } = source
    const { projectId, userId: authorId } = viewer
    const { note, protocol, seed, cases } = content
    return this.#database.prisma.$transaction(async (transaction) => {
      const sliceId = await sliceFor(transaction, viewer, source)
      const { id: evaluationId } = await transaction.evaluation.create({
        data: {
          ...{ projectId, authorId, sliceId, name: content.name, note, protocol, seed, cases },
          ...{ settings: content.settings as Json, state: 'DONE', finishedAt: new Date() },
        },
      })
      const armIds: string[] = []
      for (const [place, one] of content.arms.entries()) {
        const { name, method, hyperparameters, defaults, computedWith, receipt } = one
        const { id } = await transaction.evaluationArm.create({
          data: {
            ...{ evaluationId, place, name, method, defaults, computedWith },
            modelId: modelIds[place] as string,
            hyperparameters: hyperparameters as Json,
            receipt: receipt === null ? Prisma.DbNull : (receipt as Json),
          },
        })
        armIds.push(id)
      }
      for (let from = 0; from < rows.length; from += rowsAtOnce)
        await insertRows(transaction, evaluationId, armIds, rows.slice(from, from + rowsAtOnce))
      return evaluationId
    }, longTransaction)
  }
}

/** The slice that is there with these cases, or a new one. */
async function sliceFor(
  transaction: Prisma.TransactionClient,
  { projectId, userId: authorId }: Viewer,
  { content: { slice }, datasetId, knownByModelId }: EvaluationToImport,
): Promise<string> {
  const same = await transaction.slice.findFirst({
    where: { projectId, datasetId, digest: slice.digest, places: { equals: slice.places } },
  })
  if (same !== null) return same.id
  const { id } = await transaction.slice.create({
    data: {
      ...{ projectId, authorId, datasetId, knownByModelId, name: slice.name, places: slice.places },
      ...{ digest: slice.digest, state: 'DONE', finishedAt: new Date() },
      definition: slice.definition as Json,
      knownCounts: slice.knownCounts === null ? Prisma.DbNull : (slice.knownCounts as Json),
    },
  })
  return id
}

/** As text, because JSON has no NaN and Prisma writes none. */
const vectorOf = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NaN').join()}}`

async function insertRows(
  transaction: Prisma.TransactionClient,
  evaluationId: string,
  armIds: readonly string[],
  rows: readonly EvaluationRow[],
): Promise<void> {
  const values = rows.map(({ arm, metrics, before, ...row }) => ({
    ...{ ...row, armId: armIds[arm], metrics: vectorOf(metrics), before: vectorOf(before) },
  }))
  await transaction.$executeRaw`
    INSERT INTO "case_result" ("arm_id", "place", "evaluation_id", "kind", "case_id", "relation", "metrics", "before",
      "prompts", "record", "edit_milliseconds", "measure_milliseconds", "peak_bytes", "worker_id", "lease_epoch")
    SELECT r."armId", r."place", ${evaluationId}::uuid, r."kind", r."caseId", r."relation", r."metrics"::float8[],
      r."before"::float8[], r."prompts", r."record", r."editMilliseconds", r."measureMilliseconds", r."peakBytes",
      'import', 0
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS r("armId" uuid, "place" int, "kind" "ResultKind",
      "caseId" text, "relation" text, "metrics" text, "before" text, "prompts" jsonb, "record" jsonb,
      "editMilliseconds" float8, "measureMilliseconds" float8, "peakBytes" float8)`
}
