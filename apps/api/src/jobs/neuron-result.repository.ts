// What the engine found about neurons -> rows, each piece in one transaction that checks the lease it was computed under.
import { deserialize, serialize } from 'node:v8'
import type { Database } from '../database/index.js'
import { Prisma } from '../database/generated/client.js'
import type {
  ActivitySummary,
  NeuronActivity,
  NeuronPart,
  NeuronsReceipt,
  SurveyCase,
  SurveyedNeurons,
} from '../engine/neuron-library.js'
import { targetModes } from '../vocabulary/names.js'
import type { TargetModeKey } from '../vocabulary/names.js'
import type { ClaimedSurvey, HeldSurvey } from './neuron-lease.repository.js'

type Transaction = Prisma.TransactionClient
type Words = NonNullable<SurveyedNeurons['words']>

interface RunRow {
  readonly id: string
  readonly place: number
  readonly promptIds: number[]
  readonly targetIds: number[]
  readonly targetMode: TargetModeKey
}

/** PostgreSQL's texts hold no NUL, which is a token of byte-level vocabularies. */
const storable = (text: string): string => text.replaceAll('\0', '\\x00')

export class NeuronResultRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Questions of the next runs; those that were deleted meanwhile are left out. */
  async cases({ runIds, runsDone }: ClaimedSurvey, count: number): Promise<SurveyCase[]> {
    const ids = runIds.slice(runsDone, runsDone + count)
    const rows = await this.#database.prisma.$queryRaw<RunRow[]>`
      SELECT r."id", (u."number" - 1)::int + ${runsDone}::int AS "place", r."prompt_ids" AS "promptIds",
        r."target_ids" AS "targetIds", r."target_mode"::text AS "targetMode"
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS u("id", "number") JOIN "lens_run" r ON r."id" = u."id"
      ORDER BY u."number"`
    return rows.map((row) => ({ ...row, targetMode: targetModes.toEngine(row.targetMode) }))
  }

  /** What the runs that are done showed; null before the first. */
  async activity(id: string): Promise<NeuronActivity | null> {
    const row = await this.#database.prisma.neuronSurvey.findUnique({
      where: { id },
      select: { partial: true },
    })
    return row?.partial ? (deserialize(row.partial) as NeuronActivity) : null
  }

  storeWords(held: HeldSurvey, words: Words, receipt: NeuronsReceipt): Promise<boolean> {
    const { first, count, parts } = words
    return this.#store(held, async (transaction) => {
      if (first === 0) await dropParts(transaction, held.id, ['key.', 'gate.', 'value.'])
      await transaction.$executeRaw`
        INSERT INTO "neuron" ("survey_id", "index", "key_word", "value_word", "words", "key_norm", "value_norm")
        SELECT ${held.id}::uuid, ${first}::int + v."number"::int - 1, v."key", v."value", v."words", v."key_norm", v."value_norm"
        FROM unnest(${words.keyWords.map(storable)}::text[], ${words.valueWords.map(storable)}::text[],
          ${words.searched.map(storable)}::text[], ${[...words.keyNorms]}::float8[], ${[...words.valueNorms]}::float8[])
          WITH ORDINALITY AS v("key", "value", "words", "key_norm", "value_norm", "number")
        ON CONFLICT ("survey_id", "index") DO UPDATE SET "key_word" = excluded."key_word", "value_word" = excluded."value_word",
          "words" = excluded."words", "key_norm" = excluded."key_norm", "value_norm" = excluded."value_norm"`
      await writeParts(transaction, held.id, parts, first, count)
      await change(transaction, held.id, {
        wordsDone: first + count,
        receipt: { ...receipt },
      })
    })
  }

  storeNearest(held: HeldSurvey, parts: readonly NeuronPart[], neurons: number): Promise<boolean> {
    return this.#store(held, async (transaction) => {
      await dropParts(transaction, held.id, ['near.'])
      await writeParts(transaction, held.id, parts, 0, neurons)
      await change(transaction, held.id, { nearestDone: true })
    })
  }

  storeActivity(held: HeldSurvey, activity: NeuronActivity, runsDone: number): Promise<boolean> {
    return this.#store(held, (transaction) =>
      change(transaction, held.id, { runsDone, partial: Uint8Array.from(serialize(activity)) }),
    )
  }

  /** Shows what was found and ends the survey. @param summary null when there was no run */
  finish(
    claimed: ClaimedSurvey,
    summary: ActivitySummary | null,
    tokens: number,
  ): Promise<boolean> {
    const { id, runIds, questionDigest, neurons } = claimed
    return this.#store(claimed, async (transaction) => {
      await dropParts(transaction, id, ['moments.'])
      if (summary === null) await clearActivity(transaction, id)
      else {
        await writeActivity(transaction, id, summary)
        await writeParts(transaction, id, summary.parts, 0, neurons)
      }
      await change(transaction, id, {
        ...{ state: 'DONE', stage: 'done', partial: null, error: Prisma.DbNull },
        ...{ leaseOwner: null, leaseUntil: null, finishedAt: new Date() },
        ...{ runsDone: runIds.length, resultDigest: questionDigest, resultTokens: tokens },
        resultRunIds: summary === null ? [] : [...runIds],
      })
    })
  }

  /** False when the lease was lost; then nothing is written. */
  #store(
    { id, leaseEpoch }: HeldSurvey,
    write: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const held = await transaction.$queryRaw<unknown[]>`
        SELECT 1 FROM "neuron_survey" WHERE "id" = ${id}::uuid AND "lease_epoch" = ${leaseEpoch} AND "state" = 'RUNNING' FOR UPDATE`
      if (held.length === 0) return false
      await write(transaction)
      await transaction.$queryRaw`SELECT pg_notify('imprint_run', ${id})::text`
      return true
    })
  }
}

async function change(
  transaction: Transaction,
  id: string,
  data: Prisma.NeuronSurveyUncheckedUpdateInput,
): Promise<void> {
  const counted = { ...data, progressVersion: { increment: 1 } }
  await transaction.neuronSurvey.update({ where: { id }, data: counted, select: { id: true } })
}

async function dropParts(
  transaction: Transaction,
  surveyId: string,
  prefixes: readonly string[],
): Promise<void> {
  const OR = prefixes.map((startsWith) => ({ kind: { startsWith } }))
  await transaction.neuronPart.deleteMany({ where: { surveyId, OR } })
}

async function writeParts(
  transaction: Transaction,
  surveyId: string,
  parts: readonly NeuronPart[],
  first: number,
  count: number,
): Promise<void> {
  const rows = parts.map(({ kind, width, data }) => ({
    ...{ surveyId, kind, first, count, stride: width * data.BYTES_PER_ELEMENT },
    data: Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  }))
  await transaction.neuronPart.createMany({ data: rows })
}

async function writeActivity(
  transaction: Transaction,
  id: string,
  summary: ActivitySummary,
): Promise<void> {
  const bins = summary.histogram.length / summary.maxActivation.length
  await transaction.$executeRaw`
    UPDATE "neuron" n SET "max_activation" = v."most", "mean_activation" = v."mean", "max_coefficient" = v."coefficient",
      "histogram_start" = v."start", "bin_width" = v."width",
      "histogram" = (${[...summary.histogram]}::int[])[(v."number" - 1) * ${bins}::int + 1 : v."number" * ${bins}::int]
    FROM unnest(${[...summary.maxActivation]}::float8[], ${[...summary.meanActivation]}::float8[],
      ${[...summary.maxCoefficient]}::float8[], ${[...summary.histogramStart]}::float8[], ${[...summary.binWidth]}::float8[])
      WITH ORDINALITY AS v("most", "mean", "coefficient", "start", "width", "number")
    WHERE n."survey_id" = ${id}::uuid AND n."index" = v."number" - 1`
}

async function clearActivity(transaction: Transaction, surveyId: string): Promise<void> {
  await transaction.neuron.updateMany({
    where: { surveyId },
    data: {
      ...{ maxActivation: null, meanActivation: null, maxCoefficient: null },
      ...{ histogram: [], histogramStart: null, binWidth: null },
    },
  })
}
