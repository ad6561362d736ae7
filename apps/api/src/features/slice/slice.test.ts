import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../../engine/dataset-library.js'
import { selectCases } from '../../engine/testing/select-cases.js'
import { KnownAnswersRepository } from '../../jobs/known-answers.repository.js'
import { SliceLeaseRepository } from '../../jobs/slice-lease.repository.js'
import { walkKnown } from '../../jobs/known-walk.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import type { ScriptedEngine } from '../../testing/scripted-engine.js'
import { addSampleSlice, sampleCase } from '../../testing/sample-slice.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

const fields = `id name state cases digest version done total author
  knownCounts { tested firstToken known } knownBy { id } dataset { id }
  definition { relations caseIds search count seed } error { code message cure attempt retried } sample(first: 3) { place caseId }`

const size = 1_000
let api: TestApi
let datasetId: string
beforeAll(async () => {
  api = await startTestApi()
  datasetId = (await addSampleSlice(api, size)).datasetId
})
afterAll(() => api.stop())

const cases = Array.from({ length: size }, (_, place): EvaluationCase => sampleCase(place))

async function create(input: object) {
  const { data } = await api.graphql(
    `mutation($input: CreateSliceInput!) { createSlice(input: $input) { slice { ${fields} } errors { code message field cure } } }`,
    { input: { datasetId, ...input } },
  )
  return data.createSlice
}

const read = async (id: string) =>
  (await api.graphql(`query($id: ID!) { slice(id: $id) { ${fields} } }`, { id })).data.slice
const change = async (mutation: string, id: string) =>
  (
    await api.graphql(
      `mutation($id: ID!) { result: ${mutation}(id: $id) { ${mutation === 'deleteSlice' ? 'deletedId' : 'slice { state }'} errors { code } } }`,
      { id },
    )
  ).data.result

const placesOf = async (id: string): Promise<number[]> =>
  (await api.database.prisma.slice.findUniqueOrThrow({ where: { id } })).places

describe('a slice', () => {
  it.each<[string, object]>([
    ['everything', {}],
    ['a relation', { relations: ['r1'] }],
    ['ids', { ids: ['case-7', 'case-3', 'case-999'] }],
    ['a random number', { count: 25 }],
    ['another seed', { count: 25, seed: 3 }],
    ['a negative seed', { count: 25, seed: -1 }],
    ['some of two relations', { relations: ['r0', 'r2'], count: 40, seed: 7 }],
    ['more than there are', { count: 5_000 }],
  ])('of %s has the cases that the engine chooses', async (_, wanted) => {
    const { ids, ...rest } = wanted as { ids?: string[] }
    const { slice, errors } = await create({ ...rest, ...(ids && { caseIds: ids }) })
    expect(errors).toEqual([])
    const expected = (await selectCases(cases, wanted)).map(({ id }) => Number(id.slice(5)))
    expect(await placesOf(slice.id)).toEqual(expected)
    expect(slice).toMatchObject({ state: 'DONE', cases: expected.length, knownCounts: null })
    expect(slice.sample.map(({ place }: { place: number }) => place)).toEqual(expected.slice(0, 3))
    const { digest } = await api.database.prisma.dataset.findUniqueOrThrow({
      where: { id: datasetId },
    })
    const bytes = `${digest}\n${expected.join(',')}`
    expect(slice.digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('of a text has the cases that hold it; a name is made of what it asks for', async () => {
    const { slice } = await create({ search: 'S99', count: 4, seed: 2 })
    expect(slice).toMatchObject({ cases: 4, definition: { search: 'S99', count: 4, seed: 2 } })
    expect(slice.name).toMatch(/^4 random cases of .* about “S99” \(seed 2\)$/)
    const many = await create({ search: 'S99' })
    expect(await placesOf(many.slice.id)).toEqual([
      ...[99, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999],
    ])
  })

  it.each<[string, object, string, string | null]>([
    ['of no data set', { datasetId: 'x' }, 'DATASET_NOT_FOUND', 'datasetId'],
    ['of unknown relations', { relations: ['r1', 'r9'] }, 'SLICE_UNKNOWN_RELATION', 'relations'],
    ['of unknown ids', { caseIds: ['case-1', 'nobody'] }, 'SLICE_UNKNOWN_CASE', 'caseIds'],
    ['of nothing', { relations: ['r1'], caseIds: ['case-0'] }, 'SLICE_EMPTY', null],
    ['of no text that is there', { search: 'zebra' }, 'SLICE_EMPTY', null],
    ['of zero cases', { count: 0 }, 'BAD_ARGUMENT', 'count'],
    ['of a damaged text', { search: 'a\0' }, 'TEXT_INVALID', 'search'],
    ['known by no model', { knownByModelId: 'x' }, 'MODEL_NOT_FOUND', 'knownByModelId'],
  ])('%s is refused, and names what is wrong', async (_, input, code, field) => {
    const before = await api.database.prisma.slice.count()
    const { slice, errors } = await create(input)
    expect(slice).toBeNull()
    expect(errors).toMatchObject([{ code, field, cure: expect.any(String) }])
    if (code.startsWith('SLICE_UNKNOWN')) expect(errors[0].message).toMatch(/r9|nobody/)
    expect(await api.database.prisma.slice.count()).toBe(before)
  })

  it('is made once by the same request sent ten times', async () => {
    const input = { count: 3, clientMutationId: 'one slice' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(input)))
    expect(new Set(answers.map(({ slice }) => slice.id)).size).toBe(1)
    const where = { subject: answers[0].slice.id }
    expect(await api.database.prisma.auditEvent.count({ where })).toBe(1)
  })

  it('is listed by data set, shows its cases, and goes unless something is made on it', async () => {
    const other = await addSampleSlice(api, 5)
    const list = async (id: string) =>
      (
        await api.graphql(
          'query($id: ID) { slices(datasetId: $id) { totalCount edges { node { id cases } } } }',
          { id },
        )
      ).data.slices
    expect(await list(other.datasetId)).toEqual({
      totalCount: 1,
      edges: [{ node: { id: other.id, cases: 5 } }],
    })
    expect((await list('nobody')).totalCount).toBe(0)
    const chosen = await create({ caseIds: ['case-5'] })
    const { data } = await api.graphql(
      'query($id: ID!, $slice: ID) { datasetCases(datasetId: $id, filter: { sliceId: $slice }) { total cases { caseId } } }',
      { id: datasetId, slice: chosen.slice.id },
    )
    expect(data.datasetCases).toEqual({ total: 1, cases: [{ caseId: 'case-5' }] })
    const { projectId, userId: authorId } = api.viewer
    const made = await api.database.prisma.evaluation.create({
      data: {
        ...{ projectId, authorId, sliceId: other.id, name: 'e', protocol: 'counterfact' },
        ...{ settings: {}, cases: 5 },
      },
    })
    expect(await change('deleteSlice', other.id)).toEqual({
      ...{ deletedId: null, errors: [{ code: 'SLICE_IN_USE' }] },
    })
    await api.database.prisma.evaluation.delete({ where: { id: made.id } })
    expect(await change('deleteSlice', other.id)).toEqual({ deletedId: other.id, errors: [] })
    expect(await change('deleteSlice', other.id)).toEqual({
      ...{ deletedId: null, errors: [{ code: 'SLICE_NOT_FOUND' }] },
    })
  })
})

describe('a slice of what a model knows', () => {
  const wordOf = (id: string): 'none' | 'first' | 'all' =>
    (['none', 'first', 'all'] as const)[Number(id.slice(5)) % 3] as 'none'
  let asked: string[][] = []
  let fail: Error | null = null
  let hang = false
  const engine: ScriptedEngine = {
    ...createScriptedEngine(),
    evaluate: (async ({ task, signal, onProgress }) => {
      asked.push(task.cases.map(({ id }) => id))
      onProgress({ stage: 'asking', done: 1, total: task.cases.length })
      if (hang)
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
        )
      if (fail !== null) throw fail
      return { answers: task.cases.map(({ id }) => wordOf(id)) }
    }) as ScriptedEngine['evaluate'],
  }
  const ended = (id: string) =>
    eventually(
      () => read(id),
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
    )

  it('has the known cases in seeded order, asks in groups, and asks nothing twice', async () => {
    const { slice } = await create({ knownByModelId: api.modelId, count: 50, seed: 5 })
    expect(slice).toMatchObject({ state: 'QUEUED', cases: 0, digest: null })
    const steps: { version: number; state: string }[] = []
    const following = (async () => {
      for await (const step of api.services.sliceProgress.follow(api.viewer, slice.id, null))
        steps.push(step)
    })()
    await api.startWorker(engine)
    const done = await ended(slice.id)
    const order = (await selectCases(cases, { count: size, seed: 5 })).map(({ id }) => id)
    const ranked = order.sort((a, b) => rankOf(a).localeCompare(rankOf(b)))
    const known = ranked.filter((id) => wordOf(id) === 'all').slice(0, 50)
    const tested = ranked.indexOf(known[49] as string) + 1
    const first = ranked.slice(0, tested).filter((id) => wordOf(id) !== 'none').length
    expect(done).toMatchObject({
      ...{ state: 'DONE', cases: 50, done: 50, total: 50, error: null },
      ...{ knownBy: { id: api.modelId }, knownCounts: { tested, firstToken: first, known: 50 } },
    })
    const places = known.map((id) => Number(id.slice(5))).sort((a, b) => a - b)
    expect(await placesOf(slice.id)).toEqual(places)
    expect(asked.map(({ length }) => length)).toEqual([256])
    expect(asked[0]).toEqual(ranked.slice(0, 256))
    await following
    expect(steps.at(-1)).toMatchObject({ state: 'DONE' })
    const versions = steps.map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))

    asked = []
    const again = await create({ knownByModelId: api.modelId, count: 20, seed: 5 })
    expect((await ended(again.slice.id)).cases).toBe(20)
    expect(asked).toEqual([])
    const all = await create({ knownByModelId: api.modelId, relations: ['r2'] })
    const whole = await ended(all.slice.id)
    expect(whole).toMatchObject({ cases: 333, done: 333, total: 333 })
    expect(new Set(asked.flat()).size).toBe(asked.flat().length)
  })

  const rankOf = (id: string): string => createHash('sha256').update(`5\0${id}`).digest('hex')

  it('of which it knows none fails and says how many it was asked', async () => {
    const { slice } = await create({ knownByModelId: api.modelId, relations: ['r0'] })
    const failed = await ended(slice.id)
    expect(failed).toMatchObject({ state: 'FAILED', cases: 0, error: { code: 'BAD_ARGUMENT' } })
    expect(failed.error.message).toContain('none of the 334 cases')
  })

  it('is tried again when the engine dies, and fails with its error when that does not help', async () => {
    await api.database.prisma.knownAnswers.deleteMany()
    const { LensEngineError } = await import('../../engine/engine-vocabulary.js')
    fail = new LensEngineError('ENGINE_CRASHED', 'the engine ended', { cure: 'Run again.' })
    const { slice } = await create({ knownByModelId: api.modelId, count: 5 })
    const failed = await ended(slice.id)
    expect(failed).toMatchObject({
      ...{ state: 'FAILED', error: { code: 'ENGINE_CRASHED', attempt: 2, retried: false } },
    })
    fail = null
  })

  it('is cancelled while the model is asked', async () => {
    hang = true
    const { slice } = await create({ knownByModelId: api.modelId, count: 5 })
    await eventually(
      () => read(slice.id),
      ({ state, done }) => state === 'RUNNING' && done !== null,
    )
    expect(await change('cancelSlice', slice.id)).toEqual({
      ...{ slice: { state: 'CANCELLED' }, errors: [] },
    })
    expect(await change('cancelSlice', slice.id)).toEqual({
      ...{ slice: null, errors: [{ code: 'SLICE_ENDED' }] },
    })
    hang = false
    const next = await create({ knownByModelId: api.modelId, count: 5 })
    expect((await ended(next.slice.id)).state).toBe('DONE')
    expect((await read(slice.id)).state).toBe('CANCELLED')
  })
})

describe('the lease of a slice', () => {
  const step = { done: 1, total: 2, counts: { tested: 1, firstToken: 1, known: 1 } }

  it('fences a worker that was thought dead, and ends after two that were lost', async () => {
    const fresh = await startTestApi()
    try {
      const { datasetId: id } = await addSampleSlice(fresh, 10)
      const input = { datasetId: id, knownByModelId: fresh.modelId, count: 2 }
      const slice = await fresh.services.slices.create(fresh.viewer, input)
      const expired = new SliceLeaseRepository(fresh.database, -1)
      const first = await expired.claim('a worker')
      expect(first).toMatchObject({ id: slice.id, attempt: 1, leaseEpoch: 1, cases: 10 })
      const second = await new SliceLeaseRepository(fresh.database, -1).claim('another')
      expect(second).toMatchObject({ attempt: 2, leaseEpoch: 2 })
      const chosen = { places: [1], digest: 'x' }
      expect(await expired.finish(first as never, step, chosen)).toBe(false)
      expect(await expired.setProgress(first as never, step)).toBe(false)
      expect(await expired.claim('a third')).toBeNull()
      await expired.failExhausted()
      expect(await fresh.services.slices.get(fresh.viewer, slice.id)).toMatchObject({
        ...{ state: 'FAILED', error: { code: 'WORKER_LOST', retried: false } },
      })
      expect(await expired.finish(second as never, step, chosen)).toBe(false)
    } finally {
      await fresh.stop()
    }
  })

  it('is nobody’s between two groups, and attempts count from the last group', async () => {
    // A server of its own: the worker of the other one would take it first.
    const fresh = await startTestApi()
    try {
      const { datasetId } = await addSampleSlice(fresh, 10)
      const leases = new SliceLeaseRepository(fresh.database, 30)
      const { projectId, userId: authorId } = fresh.viewer
      const values = { projectId, authorId, datasetId, knownByModelId: fresh.modelId, name: 'x' }
      const row = await fresh.database.prisma.slice.create({
        data: {
          ...values,
          definition: { count: 1, seed: 0 },
          queuedAt: new Date(0),
          state: 'RUNNING',
          attempt: 1,
          leaseEpoch: 4,
          leaseOwner: 'me',
          leaseUntil: new Date(Date.now() + 60_000),
        },
      })
      expect(await leases.release({ id: row.id, leaseEpoch: 4 }, step)).toBe(true)
      const next = await leases.claim('next')
      expect(next).toMatchObject({ id: row.id, attempt: 1, leaseEpoch: 5 })
    } finally {
      await fresh.stop()
    }
  })
})

describe('known answers', () => {
  it('of two workers at once are all kept; other weights forget them', async () => {
    const answers = new KnownAnswersRepository(api.database)
    const { datasetId: id } = await addSampleSlice(api, 64)
    await Promise.all(
      Array.from({ length: 8 }, (_, worker) =>
        answers.add(id, api.modelId, 64, [{ place: worker * 8, answer: worker % 3 }]),
      ),
    )
    const stored = await answers.read(id, api.modelId, 64)
    expect([...stored].filter((byte) => byte !== 255)).toEqual([0, 1, 2, 0, 1, 2, 0, 1])
    const { model, knownAnswers } = api.database.prisma
    const where = { modelId: api.modelId, datasetId: id }
    expect(await knownAnswers.findFirst({ where })).toMatchObject({ tested: 8, known: 2 })
    await model.update({ where: { id: api.modelId }, data: { digest: 'other weights' } })
    expect(await knownAnswers.findFirst({ where })).toBeNull()
  })

  it('are walked until enough are known, group by group', () => {
    const answers = Uint8Array.from({ length: 600 }, () => 255)
    const order = Array.from({ length: 600 }, (_, place) => place)
    expect(walkKnown(order, answers, 3).ask).toHaveLength(256)
    answers.fill(0, 0, 256)
    expect(walkKnown(order, answers, 3).ask).toEqual(order.slice(256, 512))
    answers[300] = 2
    answers.fill(1, 301, 512)
    expect(walkKnown(order, answers, 1).ask).toHaveLength(44)
    answers.fill(0, 256, 300)
    expect(walkKnown(order, answers, 1)).toEqual({
      ...{ known: [300], ask: [], counts: { tested: 301, firstToken: 1, known: 1 } },
    })
  })
})
