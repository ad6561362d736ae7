// Checked contents of export files -> rows, each file in one transaction: everything or nothing.
import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { isConflict } from '../../database/create-once.js'
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { StoredDelta } from '../../engine/stored-edit.js'
import type { Viewer } from '../account/viewer.js'
import { digestInput } from '../edit/task-input.js'
import { writeImportedResult } from '../lens-run/lens-result.repository.js'
import type { StoredResult } from '../lens-run/lens-result.repository.js'
import type { EditContent, EvaluationContent, EvaluationRow, RunContent } from './contents.js'
import type { ExportKind } from './export-file.js'

/** `key` names the file: one import of it for each person, so that parallel repeats make one row. */
export interface RunToImport {
  readonly key: string
  readonly content: RunContent
  readonly result: StoredResult
  readonly modelId: string
  readonly editIds: readonly string[]
}

export interface EditToImport {
  readonly key: string
  readonly content: EditContent
  readonly deltas: readonly StoredDelta[]
  readonly model: { readonly id: string; readonly digest: string }
  readonly onTopOf: readonly string[]
}

export interface EvaluationToImport {
  readonly key: string
  readonly content: EvaluationContent
  readonly rows: readonly EvaluationRow[]
  readonly datasetId: string
  /** By arm. */
  readonly modelIds: readonly string[]
  readonly knownByModelId: string | null
}

type Json = Prisma.InputJsonValue
const rowsAtOnce = 500
/** Who computed the rows of an evaluation that was imported. */
const importer = 'import'

/** What tells things that an import made from others of the same name. */
const whole = {
  run: { state: 'DONE' },
  edit: { task: { state: 'DONE' } },
  evaluation: { results: { some: { workerId: importer } } },
} as const
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

  /** What an import of the same file made in the project, whoever imported it; null when there is none, or it was deleted. */
  async found(kind: ExportKind, projectId: string, key: string): Promise<string | null> {
    const { lensRun, edit, evaluation } = this.#database.prisma
    const [where, select] = [{ projectId, clientMutationId: key }, { id: true }] as const
    const find = {
      run: () => lensRun.findFirst({ where: { ...where, ...whole.run }, select }),
      edit: () => edit.findFirst({ where: { ...where, ...whole.edit }, select }),
      evaluation: () => evaluation.findFirst({ where: { ...where, ...whole.evaluation }, select }),
    } as const
    return (await find[kind]())?.id ?? null
  }

  /** Takes the name of an import from what the viewer has under it and no import made. */
  async freeName(kind: ExportKind, viewer: Viewer, key: string): Promise<void> {
    const { lensRun, edit, evaluation } = this.#database.prisma
    const where = { projectId: viewer.projectId, authorId: viewer.userId, clientMutationId: key }
    const data = { clientMutationId: null }
    const free = {
      run: () => lensRun.updateMany({ where: { ...where, NOT: whole.run }, data }),
      edit: () => edit.updateMany({ where: { ...where, NOT: whole.edit }, data }),
      evaluation: () => evaluation.updateMany({ where: { ...where, NOT: whole.evaluation }, data }),
    } as const
    await free[kind]()
  }

  /** Null, as of the others, when the same person has something of this key; whoever is writing it at the moment is waited for. */
  run(viewer: Viewer, source: RunToImport): Promise<string | null> {
    return unlessThere(() => this.#run(viewer, source))
  }

  edit(viewer: Viewer, source: EditToImport): Promise<string | null> {
    return unlessThere(() => this.#edit(viewer, source))
  }

  evaluation(viewer: Viewer, source: EvaluationToImport): Promise<string | null> {
    return unlessThere(() => this.#evaluation(viewer, source))
  }

  async #run(viewer: Viewer, source: RunToImport): Promise<string> {
    const client = await this.#database.pool.connect()
    try {
      await client.query('BEGIN')
      const id = await insertRun(client, viewer, source)
      await writeImportedResult(client, id, source.result)
      await client.query('COMMIT')
      client.release()
      return id
    } catch (error) {
      // The connection is closed, which rolls back whatever it had begun.
      client.release(true)
      throw error
    }
  }

  #edit(viewer: Viewer, { key, content, deltas, model, onTopOf }: EditToImport): Promise<string> {
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
          ...{ clientMutationId: key, warnings, onTopOf: [...onTopOf], summary: summary as Json },
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

  #evaluation(viewer: Viewer, source: EvaluationToImport): Promise<string> {
    const { content, rows, modelIds } = source
    const { projectId, userId: authorId } = viewer
    const { note, protocol, seed, cases } = content
    return this.#database.prisma.$transaction(async (transaction) => {
      const sliceId = await sliceFor(transaction, viewer, source)
      const { id: evaluationId } = await transaction.evaluation.create({
        data: {
          ...{ projectId, authorId, sliceId, name: content.name, note, protocol, seed, cases },
          ...{ settings: content.settings as Json, state: 'DONE', finishedAt: new Date() },
          clientMutationId: source.key,
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

/** No worker takes a cancelled run; it becomes DONE with its results. */
async function insertRun(
  client: Pick<PoolClient, 'query'>,
  { projectId, userId }: Viewer,
  { key, content, modelId, editIds }: RunToImport,
): Promise<string> {
  const { name, promptText, targetText, promptIds, targetIds, targetMode } = content
  const { lens, topK, matrices, provider, configDigest } = content
  const id = randomUUID()
  const values = [
    ...[id, projectId, userId, modelId, editIds, name, promptText, targetText],
    ...[promptIds, targetIds, targetMode, lens, topK, matrices, provider, configDigest, key],
  ]
  await client.query(
    `INSERT INTO "lens_run" ("id", "project_id", "author_id", "model_id", "edit_ids", "name", "prompt_text", "target_text",
       "prompt_ids", "target_ids", "target_mode", "lens", "top_k", "matrices", "provider", "config_digest",
       "client_mutation_id", "state")
     VALUES ($1, $2, $3, $4, $5::uuid[], $6, $7, $8, $9, $10, $11, $12, $13, $14::text[]::"MatrixName"[], $15, $16, $17,
       'CANCELLED')`,
    values,
  )
  return id
}

async function unlessThere(write: () => Promise<string>): Promise<string | null> {
  try {
    return await write()
  } catch (error) {
    if (isConflict(error)) return null
    throw error
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
      ${importer}, 0
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS r("armId" uuid, "place" int, "kind" "ResultKind",
      "caseId" text, "relation" text, "metrics" text, "before" text, "prompts" jsonb, "record" jsonb,
      "editMilliseconds" float8, "measureMilliseconds" float8, "peakBytes" float8)`
}
