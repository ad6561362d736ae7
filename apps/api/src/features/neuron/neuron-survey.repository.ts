// Rows of surveys as users see them: find, ask, cancel. Leases are in jobs/neuron-lease.repository.ts.
import type { Database } from '../../database/index.js'
import { Prisma } from '../../database/generated/client.js'
import type { NeuronSurvey as NeuronSurveyRow } from '../../database/generated/client.js'

export type { NeuronSurveyRow }

/** Without what only workers read. */
export type SurveyHead = Omit<NeuronSurveyRow, 'partial'>

export interface SurveyQuestion {
  readonly projectId: string
  readonly authorId: string
  readonly modelId: string
  readonly layer: number
  readonly neurons: number
  readonly runIds: readonly string[]
  readonly questionDigest: string
  /** Words of other weights are computed again. */
  readonly weightsDigest: string
}

/** Runs that a survey reads at most, and how many it looks through for them: equal questions count once. */
const mostRuns = 200
const runsLookedAt = 400

export class NeuronSurveyRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(projectId: string, modelId: string, layer: number): Promise<SurveyHead | null> {
    return this.#database.prisma.neuronSurvey.findUnique({
      where: { projectId_modelId_layer: { projectId, modelId, layer } },
      omit: { partial: true },
    })
  }

  byId(projectId: string, id: string): Promise<SurveyHead | null> {
    return this.#database.prisma.neuronSurvey.findFirst({
      where: { projectId, id },
      omit: { partial: true },
    })
  }

  /** The newest finished runs of the model as it is, each question once, newest first. */
  async newestRuns(projectId: string, modelId: string): Promise<string[]> {
    const rows = await this.#database.prisma.$queryRaw<{ id: string; question: string }[]>`
      SELECT "id", array_to_string("prompt_ids", ',') || '>' || array_to_string("target_ids", ',') || '>' || "target_mode" AS "question"
      FROM "lens_run" WHERE "model_id" = ${modelId}::uuid AND "project_id" = ${projectId}::uuid AND "state" = 'DONE'
        AND "finished_at" IS NOT NULL AND cardinality("edit_ids") = 0
      ORDER BY "finished_at" DESC, "id" DESC LIMIT ${runsLookedAt}`
    const newest = new Map<string, string>()
    for (const { id, question } of rows) if (!newest.has(question)) newest.set(question, id)
    return [...newest.values()].slice(0, mostRuns)
  }

  /** Queues the question, unless the same one is under way or answered; words that are there stay. */
  async ask(question: SurveyQuestion): Promise<{ row: SurveyHead; queued: boolean }> {
    const { projectId, modelId, layer, questionDigest } = question
    return this.#database.prisma.$transaction(async (transaction) => {
      const rows = await transaction.$queryRaw<{ id: string }[]>`
        INSERT INTO "neuron_survey" AS s ("id", "project_id", "author_id", "model_id", "layer", "neurons", "run_ids", "question_digest")
        VALUES (gen_random_uuid(), ${projectId}::uuid, ${question.authorId}::uuid, ${modelId}::uuid, ${layer}::int,
          ${question.neurons}::int, ${[...question.runIds]}::uuid[], ${questionDigest})
        ON CONFLICT ("project_id", "model_id", "layer") DO UPDATE SET
          "run_ids" = excluded."run_ids", "question_digest" = excluded."question_digest", "author_id" = excluded."author_id",
          "words_done" = CASE WHEN s."receipt"->>'weightsDigest' = ${question.weightsDigest} THEN s."words_done" ELSE 0 END,
          "nearest_done" = s."nearest_done" AND s."receipt"->>'weightsDigest' = ${question.weightsDigest},
          "state" = 'QUEUED', "stage" = 'queued', "runs_done" = 0, "partial" = NULL, "attempt" = 0, "error" = NULL,
          "lease_owner" = NULL, "lease_until" = NULL, "lease_epoch" = s."lease_epoch" + 1,
          "progress_version" = s."progress_version" + 1, "queued_at" = now(), "started_at" = NULL, "finished_at" = NULL
        WHERE NOT (s."question_digest" = excluded."question_digest" AND s."state" IN ('QUEUED', 'RUNNING', 'DONE'))
        RETURNING "id"`
      const queued = rows[0]
      if (queued !== undefined) await ring(transaction, queued.id, true)
      const row = await transaction.neuronSurvey.findUniqueOrThrow({
        where: { projectId_modelId_layer: { projectId, modelId, layer } },
        omit: { partial: true },
      })
      return { row, queued: queued !== undefined }
    })
  }

  /** Ends one that waits or is computed; the raised epoch fences its worker out. Null when it had ended already. */
  async cancel(projectId: string, id: string): Promise<SurveyHead | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.neuronSurvey.updateMany({
        where: { projectId, id, state: { in: ['QUEUED', 'RUNNING'] } },
        data: {
          ...{ state: 'CANCELLED', leaseUntil: null, leaseOwner: null, finishedAt: new Date() },
          ...{ leaseEpoch: { increment: 1 }, progressVersion: { increment: 1 } },
        },
      })
      if (count === 0) return null
      await ring(transaction, id, false)
      return transaction.neuronSurvey.findUniqueOrThrow({
        where: { id },
        omit: { partial: true },
      })
    })
  }
}

/** Wakes workers through the job queue and subscriptions through NOTIFY, in the transaction of the change itself. */
async function ring(
  transaction: Prisma.TransactionClient,
  surveyId: string,
  queueJob: boolean,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${surveyId})::text`
  if (!queueJob) return
  await transaction.$queryRaw`
    SELECT "id"::text FROM graphile_worker.add_job('neuron-survey', json_build_object('surveyId', ${surveyId}::text), max_attempts := 1)`
}
