// An evaluation with made-up readings, written to the database as a worker writes one.
import { randomUUID } from 'node:crypto'
import { makeRow, vectorOf } from '../engine/testing/reference-tables.js'
import type { CaseRow } from '../engine/testing/reference-tables.js'
import type { Database } from '../database/index.js'
import type { ProtocolName } from '../engine/protocol-library.js'
import type { TestApi } from './test-api.js'

export interface SampleArm {
  readonly name: string
  readonly method: string
  /** Cases that failed, and those that the method left alone, by place. */
  readonly failed?: readonly number[]
  readonly skipped?: readonly number[]
  /** Cases that are not computed yet. */
  readonly missing?: readonly number[]
}

export interface SampleEvaluation {
  readonly id: string
  readonly datasetId: string
  readonly sliceId: string
  readonly armIds: readonly string[]
  /** Raw rows, arm by arm. */
  readonly rows: readonly CaseRow[]
  readonly cases: readonly { readonly id: string; readonly relation: string }[]
}

export interface SampleOptions {
  readonly arms: readonly SampleArm[]
  readonly protocol?: ProtocolName
  readonly state?: string
  readonly settings?: object
  /** Of an earlier sample: its cases again. */
  readonly datasetId?: string
  /** Places in the data set; all 40 when absent. */
  readonly places?: readonly number[]
  readonly seed?: number
}

const caseCount = 40
const relationOf = (place: number): string => ['capital', 'language', 'sport'][place % 3] as string

/** Numbers in [0, 1) that a seed gives. */
function stream(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export async function writeSampleDataset({ database, viewer }: TestApi): Promise<string> {
  const { id } = await database.prisma.dataset.create({
    data: {
      ...{ projectId: viewer.projectId, authorId: viewer.userId, name: randomUUID(), version: 1 },
      ...{ digest: randomUUID(), format: 'counterfact', source: 'test', bytes: 1, rejected: 0 },
      ...{ cases: caseCount, features: {} },
    },
  })
  const data = Array.from({ length: caseCount }, (_, place) => {
    const subject = place === 3 ? '=Subject 3' : `Subject ${place}`
    const request = { prompt: 'About {} one says', subject, targetNew: 'new', targetTrue: 'old' }
    const record = {
      ...{ id: `case-${place}`, request, relation: { id: relationOf(place), source: 'record' } },
      paraphrases: [`${subject} is called`, `One calls ${subject}`],
      neighbors: [
        { prompt: 'About the other one says', target: 'old' },
        { prompt: 'The third is', target: 'old' },
      ],
      generationPrompts: [`${subject} lives`],
    }
    return {
      ...{ datasetId: id, place, caseId: `case-${place}`, relation: relationOf(place), subject },
      ...{ prompt: request.prompt, targetNew: 'new', targetTrue: 'old', record },
    }
  })
  await database.prisma.datasetCase.createMany({ data })
  return id
}

export async function writeSampleEvaluation(
  api: TestApi,
  options: SampleOptions,
): Promise<SampleEvaluation> {
  const { database, viewer } = api
  const { projectId, userId: authorId } = viewer
  const datasetId = options.datasetId ?? (await writeSampleDataset(api))
  const places = options.places ?? Array.from({ length: caseCount }, (_, place) => place)
  const protocol = options.protocol ?? 'counterfact'
  const slice = await database.prisma.slice.create({
    data: {
      ...{ projectId, authorId, datasetId, name: 'sample slice', definition: { seed: 0 } },
      ...{ places: [...places], digest: randomUUID(), state: 'DONE' },
    },
  })
  const settings = {
    ...{ divergence: true, generation: null, casesPerBatch: 8, threads: null, provider: 'auto' },
    ...{ preset: null, ...options.settings },
  }
  const evaluation = await database.prisma.evaluation.create({
    data: {
      ...{ projectId, authorId, sliceId: slice.id, name: `sample ${options.seed ?? 1}`, protocol },
      ...{ cases: places.length, settings, state: (options.state ?? 'DONE') as 'DONE' },
      finishedAt: new Date(),
    },
  })
  const rows: CaseRow[] = []
  const armIds: string[] = []
  for (const [index, arm] of options.arms.entries()) {
    const { id } = await database.prisma.evaluationArm.create({
      data: {
        ...{ evaluationId: evaluation.id, place: index, name: arm.name, modelId: api.modelId },
        ...{ method: arm.method, hyperparameters: { layer: 1 }, defaults: 'test' },
        ...{ computedWith: 0, receipt: { engineVersion: 'test' } },
      },
    })
    armIds.push(id)
    const seed = (options.seed ?? 1) * 100 + index
    rows.push(
      ...(await writeRows(api, { id, evaluationId: evaluation.id, arm, places, protocol, seed })),
    )
  }
  const cases = places.map((place) => ({ id: `case-${place}`, relation: relationOf(place) }))
  return { id: evaluation.id, datasetId, sliceId: slice.id, armIds, rows, cases }
}

interface RowsToWrite {
  readonly id: string
  readonly evaluationId: string
  readonly arm: SampleArm
  readonly places: readonly number[]
  readonly protocol: ProtocolName
  readonly seed: number
}

async function writeRows(
  { database }: TestApi,
  { id: armId, evaluationId, arm, places, protocol, seed }: RowsToWrite,
): Promise<CaseRow[]> {
  const next = stream(seed)
  const written: CaseRow[] = []
  const data = places.flatMap((datasetPlace, place) => {
    const caseId = `case-${datasetPlace}`
    const names = { caseId, relation: relationOf(datasetPlace) }
    const row = makeRow({ ...names, method: arm.name }, stream(7 + datasetPlace), next)
    const same = { ...{ armId, place, evaluationId, ...names }, workerId: 'test', leaseEpoch: 1 }
    if (arm.missing?.includes(place)) return []
    if (arm.failed?.includes(place)) {
      const error = { code: 'NOT_FINITE', message: 'the loss is NaN', cure: 'Look.', details: {} }
      const record = { kind: 'failure', ...names, method: arm.name, error }
      return { ...same, kind: 'FAILURE' as const, metrics: [], before: [], prompts: [], record }
    }
    written.push(row)
    const skipped = arm.skipped?.includes(place)
    const outcome = skipped ? { kind: 'skipped', reason: 'known' } : { kind: 'edited' }
    return {
      ...{ ...same, kind: 'ROW' as const, prompts: numbersOf(row) },
      record: JSON.parse(
        JSON.stringify({
          kind: 'row',
          edit: 'e',
          outcome,
          warnings: [],
          covariances: {},
          cost: {},
          ...row,
        }),
      ) as object,
      ...{ editMilliseconds: 100 + place, peakBytes: 1000 + place },
    }
  })
  await database.prisma.caseResult.createMany({ data })
  await setVectors(database, armId, protocol, written)
  return written
}

/** Prisma writes no NaN. */
async function setVectors(
  { pool }: Database,
  armId: string,
  protocol: ProtocolName,
  rows: readonly CaseRow[],
): Promise<void> {
  const texts = (side: 'before' | 'after') =>
    rows.map((row) => `{${vectorOf(protocol, row, side).join()}}`)
  await pool.query(
    `UPDATE case_result r SET metrics = v.after::float8[], before = v.before::float8[]
     FROM unnest($2::text[], $3::text[], $4::text[]) AS v(case_id, after, before)
     WHERE r.arm_id = $1 AND r.case_id = v.case_id`,
    [armId, rows.map(({ caseId }) => caseId), texts('after'), texts('before')],
  )
}

const numbersOf = ({ prompts }: CaseRow) =>
  prompts.map(({ kind, index, before, after, klToBase }) => {
    const wanted = kind === 'neighborhood' ? 'true' : 'new'
    const chance = (reading: { nll: number } | null) => (reading ? Math.exp(-reading.nll) : null)
    return {
      ...{ kind, index, klToBase },
      ...{ newBefore: chance(before.new), newAfter: chance(after.new) },
      ...{ trueBefore: chance(before.true), trueAfter: chance(after.true) },
      correctBefore: before[wanted]?.correct.every(Boolean) ?? null,
      correctAfter: after[wanted]?.correct.every(Boolean) ?? null,
    }
  })
