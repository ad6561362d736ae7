// What a model answered to the cases of a data set: one byte a case, added to by whoever asks.
import type { Database } from '../database/index.js'
import type { EvaluationCase } from '../engine/dataset-library.js'
import { caseConditions } from '../features/dataset/case-conditions.repository.js'
import { knownWords, notAsked } from '../features/dataset/known-answers.js'
import { seededRank } from '../features/slice/slice.repository.js'
import type { SliceDefinition } from '../features/slice/slice.type.js'

export interface AnsweredCase {
  readonly place: number
  /** Index into `knownWords`. */
  readonly answer: number
}

export class KnownAnswersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Places of the cases that are asked for and have a true answer, in seeded order. */
  async order(datasetId: string, definition: SliceDefinition): Promise<number[]> {
    const conditions = caseConditions({ ...definition, datasetId })
    const rows = await this.#database.prisma.$queryRaw<{ place: number }[]>`
      SELECT c."place" FROM "dataset_case" c WHERE ${conditions} AND c."target_true" IS NOT NULL
      ORDER BY ${seededRank(definition.seed)}, c."place"`
    return rows.map(({ place }) => place)
  }

  /** A byte for each of so many cases. */
  async read(datasetId: string, modelId: string, cases: number): Promise<Uint8Array> {
    const row = await this.#database.prisma.knownAnswers.findUnique({
      where: { datasetId_modelId: { datasetId, modelId } },
      select: { answers: true },
    })
    const answers = new Uint8Array(cases).fill(notAsked)
    answers.set(row?.answers.subarray(0, cases) ?? [])
    return answers
  }

  /** Adds answers to those that are there, which others may add to at the same time. */
  async add(
    datasetId: string,
    modelId: string,
    cases: number,
    found: readonly AnsweredCase[],
  ): Promise<void> {
    const where = { datasetId_modelId: { datasetId, modelId } }
    await this.#database.prisma.$transaction(async (transaction) => {
      const { knownAnswers } = transaction
      const empty = Buffer.alloc(cases, notAsked)
      const counts = { tested: 0, known: 0 }
      await knownAnswers.createMany({
        data: { datasetId, modelId, answers: empty, ...counts },
        skipDuplicates: true,
      })
      await transaction.$queryRaw`SELECT 1 FROM "known_answers"
        WHERE "dataset_id" = ${datasetId}::uuid AND "model_id" = ${modelId}::uuid FOR UPDATE`
      const row = await knownAnswers.findUniqueOrThrow({ where })
      const answers = Uint8Array.from(row.answers)
      for (const { place, answer } of found) answers[place] = answer
      const tested = answers.reduce((sum, byte) => sum + Number(byte !== notAsked), 0)
      const known = answers.reduce((sum, byte) => sum + Number(knownWords[byte] === 'all'), 0)
      await knownAnswers.update({ where, data: { answers, tested, known } })
    })
  }

  /** The engine's cases at these places, in their order. */
  async cases(datasetId: string, places: readonly number[]): Promise<EvaluationCase[]> {
    const rows = await this.#database.prisma.$queryRaw<{ record: EvaluationCase }[]>`
      SELECT c."record" FROM unnest(${[...places]}::int[]) WITH ORDINALITY AS o("place", "ordinal")
      JOIN "dataset_case" c ON c."dataset_id" = ${datasetId}::uuid AND c."place" = o."place" ORDER BY o."ordinal"`
    return rows.map(({ record }) => record)
  }
}
