// Evaluations through GraphQL on a real database: start, refuse, change, extend, retry, clone, delete.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addSampleSlice, sampleCase } from '../../testing/sample-slice.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sliceId: string
const cases = 20

beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, cases)).id
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const fields = `id name note author protocol { name metrics { name } } seed cases priority state clonedFromId canExtendTo slice { id cases } dataset { cases }
  settings { divergence generation { length topK } casesPerBatch threads provider preset }
  arms { id name place method methodTitle hyperparameters defaults receipt done failed secondsPerEdit peakBytes model { id } }
  progress { version state done total failed casesPerSecond secondsLeft workers running { cases } partial { armId metric n mean low high } }
  error { code cure } startedAt finishedAt`
const inputOf = (changes: object = {}) => ({
  ...{ sliceId, protocol: 'counterfact' },
  arms: [
    { modelId: api.modelId, method: 'forward-shift' },
    { modelId: api.modelId, method: 'ft', name: 'ft, layer 0', hyperparameters: { layer: 0 } },
  ],
  ...changes,
})
const payload = `{ evaluation { ${fields} } errors { code field message cure } }`
const start = async (changes: object = {}) => {
  const { data, errors } = await api.graphql(
    `mutation($input: StartEvaluationInput!) { startEvaluation(input: $input) ${payload} }`,
    { input: inputOf(changes) },
  )
  expect(errors).toBeUndefined()
  return data.startEvaluation
}
const started = async (changes: object = {}): Promise<string> =>
  (await start(changes)).evaluation.id
const read = async (id: string) =>
  (await api.graphql(`query($id: ID!) { evaluation(id: $id) { ${fields} } }`, { id })).data
    .evaluation
const change = async (mutation: string, id: string, more = '', variables: object = {}) => {
  const types = Object.entries({ arms: '[ArmInput!]', cases: 'Int' })
    .filter(([name]) => name in variables)
    .map(([name, type]) => `, $${name}: ${type}`)
  const text = `mutation($id: ID!${types.join('')}) { ${mutation}(id: $id${more}) ${payload} }`
  const { data, errors } = await api.graphql(text, { id, ...variables })
  expect(errors).toBeUndefined()
  return data[mutation]
}
const ended = async (id: string) => {
  await eventually(
    () => api.database.prisma.evaluation.findUnique({ where: { id }, select: { state: true } }),
    (row) => row !== null && !['QUEUED', 'RUNNING'].includes(row.state),
  )
  return read(id)
}
const run = async (id: string, engine = createScriptedEngine()) => {
  const worker = await api.startWorker(engine)
  const last = await ended(id)
  await worker.stop()
  return last
}
const rowCount = (evaluationId: string) =>
  api.database.prisma.caseResult.count({ where: { evaluationId } })

describe('an evaluation', () => {
  it('is started with complete arms and batches, and ends with rows, means and receipts', async () => {
    const { evaluation, errors } = await start({ note: 'why', seed: 3, generation: true })
    expect(errors).toEqual([])
    expect(evaluation).toMatchObject({
      ...{
        name: expect.stringContaining('forward-shift, ft on cases'),
        note: 'why',
        author: 'You',
      },
      ...{ seed: 3, cases, priority: 0, state: 'QUEUED', canExtendTo: cases, clonedFromId: null },
      ...{ slice: { id: sliceId, cases }, dataset: { cases } },
      settings: {
        ...{ divergence: true, generation: { length: 100, topK: 5 }, casesPerBatch: 8 },
        ...{ threads: null, provider: 'AUTO', preset: null },
      },
      progress: { state: 'QUEUED', done: 0, total: 2 * cases, failed: 0, partial: [] },
    })
    expect(evaluation.arms).toMatchObject([
      {
        name: 'forward-shift',
        place: 0,
        methodTitle: 'Forward-pass shift',
        done: 0,
        receipt: null,
      },
      { name: 'ft, layer 0', place: 1, hyperparameters: { layer: 0 } },
    ])
    expect(Object.keys(evaluation.arms[0].hyperparameters).length).toBeGreaterThan(1)
    expect(await api.database.prisma.evaluationBatch.count()).toBe(3)
    const done = await run(evaluation.id)
    expect(done).toMatchObject({
      ...{ state: 'DONE', error: null, finishedAt: expect.any(String) },
      progress: { done: 2 * cases, failed: 0, running: [], workers: 0, casesPerSecond: null },
    })
    expect(done.arms[0]).toMatchObject({ done: cases, secondsPerEdit: 0.01, peakBytes: 1e8 })
    expect(done.arms[0].receipt).toMatchObject({ device: 'Test processor' })
    const means = done.progress.partial.filter(
      (one: { armId: string }) => one.armId === done.arms[0].id,
    )
    expect(means.map(({ metric }: { metric: string }) => metric)).toEqual([
      ...done.protocol.metrics.map(({ name }: { name: string }) => name),
      'S',
    ])
    const es = means.find(({ metric }: { metric: string }) => metric === 'ES')
    expect(es.n).toBe(cases)
    expect(es.low).toBeLessThan(es.mean)
    expect(es.high).toBeGreaterThan(es.mean)
    const ge = means.find(({ metric }: { metric: string }) => metric === 'GE')
    expect(ge).toMatchObject({ n: 0, mean: null, low: null })
  })

  it('is made once by ten equal requests', async () => {
    const same = { clientMutationId: 'once' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(same)))
    expect(new Set(answers.map(({ evaluation }) => evaluation.id)).size).toBe(1)
    expect(await api.database.prisma.evaluation.count()).toBe(1)
    expect(await api.database.prisma.evaluationArm.count()).toBe(2)
    expect(await api.database.prisma.evaluationBatch.count()).toBe(3)
  })

  it('of two models names its arms after them and computes each model by itself', async () => {
    const { writeTinyModel } = await import('../../engine/testing/tiny-model.js')
    const directory = writeTinyModel(api.environment.home, {}, 'second')
    const second = await api.services.models.register(api.viewer, directory, false)
    const arms = [api.modelId, second.id].map((modelId) => ({ modelId, method: 'no-edit' }))
    const { evaluation } = await start({ arms, cases: 8 })
    expect(evaluation.arms.map(({ name }: { name: string }) => name)).toEqual([
      'no-edit (tiny-bytes)',
      'no-edit (second)',
    ])
    const engine = createScriptedEngine()
    expect((await run(evaluation.id, engine)).progress.done).toBe(16)
    expect(engine.evaluationTasks.map(({ model }) => model)).toHaveLength(2)
    expect(new Set(engine.evaluationTasks.map(({ model }) => model)).size).toBe(2)
  })
})

describe('what cannot be evaluated', () => {
  it.each([
    ['an unknown slice', { sliceId: 'x' }, 'SLICE_NOT_FOUND', 'sliceId'],
    ['an unknown protocol', { protocol: 'rouge' }, 'BAD_ARGUMENT', 'protocol'],
    ['no arm', { arms: [] }, 'BAD_ARGUMENT', 'arms'],
    ['more cases than there are', { cases: cases + 1 }, 'BAD_ARGUMENT', 'cases'],
    ['no case', { cases: 0 }, 'BAD_ARGUMENT', 'cases'],
    ['a seed below 0', { seed: -1 }, 'BAD_ARGUMENT', 'seed'],
    ['a huge batch', { casesPerBatch: 1001 }, 'BAD_ARGUMENT', 'casesPerBatch'],
    ['a priority out of range', { priority: 101 }, 'BAD_ARGUMENT', 'priority'],
    ['a copy of nothing', { clonedFromId: 'x' }, 'EVALUATION_NOT_FOUND', 'clonedFromId'],
    ['an unknown preset', { preset: 'x' }, 'BAD_ARGUMENT', 'preset'],
    ['a long name', { name: 'x'.repeat(201) }, 'TEXT_TOO_LONG', 'name'],
  ])('%s is refused, and nothing is written', async (_what, changes, code, field) => {
    const { evaluation, errors } = await start(changes)
    expect(evaluation).toBeNull()
    expect(errors).toMatchObject([{ code, field, cure: expect.any(String) }])
    expect(await api.database.prisma.evaluation.count()).toBe(0)
  })

  it.each([
    ['an unknown model', { modelId: 'x' }, 'MODEL_NOT_FOUND', 'arms.1.modelId'],
    ['an unknown method', { method: 'magic' }, 'BAD_ARGUMENT', 'arms.1.method'],
    [
      'an unknown hyperparameter',
      { hyperparameters: { x: 1 } },
      'BAD_ARGUMENT',
      'arms.1.hyperparameters.x',
    ],
    [
      'a layer that is not there',
      { hyperparameters: { layer: 9 } },
      'BAD_ARGUMENT',
      'arms.1.hyperparameters.layer',
    ],
    [
      'hyperparameters that are a list',
      { hyperparameters: [1] },
      'BAD_ARGUMENT',
      'arms.1.hyperparameters',
    ],
    ['a name that stands twice', { name: 'forward-shift' }, 'ARM_NAME_TAKEN', 'arms.1.name'],
  ])('an arm with %s is refused', async (_what, changes, code, field) => {
    const [first, second] = inputOf().arms
    const { evaluation, errors } = await start({ arms: [first, { ...second, ...changes }] })
    expect(evaluation).toBeNull()
    expect(errors).toMatchObject([{ code, field }])
  })

  it('65 arms, a slice that is not ready, cases that the protocol cannot score', async () => {
    const one = { modelId: api.modelId, method: 'no-edit' }
    const many = Array.from({ length: 65 }, (_, index) => ({ ...one, name: `${index}` }))
    expect((await start({ arms: many })).errors).toMatchObject([
      { code: 'BAD_ARGUMENT', field: 'arms' },
    ])
    const { id } = await addSampleSlice(api, 3)
    await api.database.prisma.slice.update({ where: { id }, data: { state: 'RUNNING' } })
    expect((await start({ sliceId: id })).errors).toMatchObject([{ code: 'SLICE_NOT_READY' }])
    const unfit = await addSampleSlice(api, 3, {
      request: { ...sampleCase(0).request, targetTrue: null },
    })
    const { errors } = await start({ sliceId: unfit.id })
    expect(errors).toMatchObject([{ code: 'PROTOCOL_UNFIT', field: 'protocol' }])
    expect(errors[0].message).toContain('of the 3 cases: 3 because it has no true target')
    expect((await start({ sliceId: unfit.id, protocol: 'zsre' })).errors).toEqual([])
  })
})

describe('changes', () => {
  it('pause: nothing new is begun; resume: it goes on', async () => {
    const id = await started()
    expect((await change('pauseEvaluation', id)).evaluation.state).toBe('PAUSED')
    expect((await change('pauseEvaluation', id)).errors[0].code).toBe('EVALUATION_NOT_RUNNING')
    const engine = createScriptedEngine()
    const worker = await api.startWorker(engine)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(engine.evaluationTasks).toEqual([])
    expect((await change('resumeEvaluation', id)).evaluation.state).toBe('QUEUED')
    expect((await ended(id)).state).toBe('DONE')
    expect((await change('resumeEvaluation', id)).errors[0].code).toBe('EVALUATION_NOT_STOPPED')
    await worker.stop()
  })

  it('pause lets a batch that is being computed finish, cancel does not, and resume finishes the rest', async () => {
    const engine = createScriptedEngine()
    let release: () => void = () => undefined
    const plain = engine.evaluate
    engine.evaluate = async (job) => {
      const answer = plain(job)
      await Promise.race([
        new Promise<void>((resolve) => (release = resolve)),
        new Promise<void>((resolve) => job.signal.addEventListener('abort', () => resolve())),
      ])
      return answer
    }
    const id = await started()
    const worker = await api.startWorker(engine, { leaseTimes: { renewal: 200, check: 100 } })
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count === 1,
    )
    await change('pauseEvaluation', id)
    release()
    const paused = await eventually(
      () => read(id),
      ({ progress }) => progress.done === 16,
    )
    expect(paused).toMatchObject({ state: 'PAUSED', progress: { done: 16, workers: 0 } })
    await change('resumeEvaluation', id)
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count === 2,
    )
    await eventually(
      () => read(id),
      ({ progress }) => progress.workers === 1 && progress.running.length === 1,
    )
    expect((await change('cancelEvaluation', id)).evaluation.state).toBe('CANCELLED')
    expect((await change('cancelEvaluation', id)).errors[0].code).toBe('EVALUATION_ENDED')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await rowCount(id)).toBe(16)
    await worker.stop()
    await change('resumeEvaluation', id)
    expect(await run(id)).toMatchObject({ state: 'DONE', progress: { done: 2 * cases } })
  })

  it('retry: only the arms and cases that failed are computed again', async () => {
    const engine = createScriptedEngine()
    const poison = sampleCase(5).id
    const plain = engine.evaluate
    engine.evaluate = async (job) => {
      if (job.task.cases.some((one) => one.id === poison)) engine.script.unshift('crash')
      return plain(job)
    }
    const id = await started()
    expect(await run(id, engine)).toMatchObject({ progress: { done: 40, failed: 2 } })
    const [row] = await api.database.prisma.caseResult.findMany({ where: { kind: 'FAILURE' } })
    await api.database.prisma.caseResult.deleteMany({
      where: { kind: 'FAILURE', armId: { not: row?.armId ?? '' } },
    })
    expect((await change('retryFailedCases', id)).evaluation.state).toBe('QUEUED')
    const healthy = createScriptedEngine()
    expect(await run(id, healthy)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    expect(healthy.evaluationTasks).toHaveLength(1)
    expect(healthy.evaluationTasks[0]?.cases.map((one) => one.id)).toEqual([poison])
    expect((await change('retryFailedCases', id)).errors[0].code).toBe('NOTHING_FAILED')
  })

  it('retry: a batch that failed wholly is that batch again', async () => {
    const id = await started()
    expect(await run(id)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    // The second batch failed for one arm, of the third only one case.
    const [arm] = await api.database.prisma.evaluationArm.findMany({ where: { evaluationId: id } })
    await api.database.prisma.caseResult.updateMany({
      where: { armId: arm?.id ?? '', place: { in: [8, 9, 10, 11, 12, 13, 14, 15, 17] } },
      data: { kind: 'FAILURE' },
    })
    await change('retryFailedCases', id)
    const healthy = createScriptedEngine()
    expect(await run(id, healthy)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    const sizes = healthy.evaluationTasks.map((task) => task.cases.length)
    expect(sizes.toSorted((one, other) => one - other)).toEqual([1, 8])
  })

  it('extend: more cases and arms, without computing anything twice', async () => {
    const id = await started({ cases: 10 })
    const first = createScriptedEngine()
    expect(await run(id, first)).toMatchObject({ state: 'DONE', progress: { total: 20, done: 20 } })
    const cut = (engine: typeof first) => engine.evaluationTasks.map((task) => task.cases.length)
    expect(cut(first)).toEqual([8, 2])
    const arms = [{ modelId: api.modelId, method: 'no-edit' }]
    const extended = await change('extendEvaluation', id, ', cases: $cases, arms: $arms', {
      ...{ cases, arms },
    })
    expect(extended.evaluation).toMatchObject({ state: 'QUEUED', cases, progress: { total: 60 } })
    const second = createScriptedEngine()
    expect(await run(id, second)).toMatchObject({ state: 'DONE', progress: { done: 60 } })
    expect(cut(second)).toEqual([6, 4, 8, 8, 4])
    for (const [variables, code] of [
      [{ cases: cases + 1 }, 'BAD_ARGUMENT'],
      [{ cases: 1 }, 'BAD_ARGUMENT'],
      [{}, 'BAD_ARGUMENT'],
      [{ arms }, 'ARM_NAME_TAKEN'],
    ] as const) {
      const more = Object.keys(variables).map((name) => `, ${name}: $${name}`)
      expect((await change('extendEvaluation', id, more.join(''), variables)).errors[0].code).toBe(
        code,
      )
    }
  })

  it('name, note, priority, a copy, and deletion', async () => {
    const id = await started({ note: 'old' })
    expect((await change('renameEvaluation', id, ', name: "new"')).evaluation).toMatchObject({
      ...{ name: 'new', note: 'old' },
    })
    expect(
      (await change('renameEvaluation', id, ', name: "new", note: ""')).evaluation.note,
    ).toBeNull()
    expect((await change('renameEvaluation', id, ', name: " "')).errors[0].code).toBe(
      'BAD_ARGUMENT',
    )
    expect((await change('setEvaluationPriority', id, ', priority: 7')).evaluation.priority).toBe(7)
    expect((await start({ clonedFromId: id, seed: 1 })).evaluation.clonedFromId).toBe(id)
    const { data } = await api.graphql(
      'mutation($id: ID!) { deleteEvaluation(id: $id) { deletedId errors { code } } }',
      { id },
    )
    expect(data.deleteEvaluation).toEqual({ deletedId: id, errors: [] })
    expect(await read(id)).toBeNull()
    for (const mutation of [
      'pauseEvaluation',
      'resumeEvaluation',
      'cancelEvaluation',
      'retryFailedCases',
    ])
      expect((await change(mutation, id)).errors[0].code).toBe('EVALUATION_NOT_FOUND')
    const events = await api.database.prisma.auditEvent.findMany({ where: { subject: id } })
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(['start', 'rename', 'priority', 'delete'].map((one) => `evaluation.${one}`)),
    )
  })
})
