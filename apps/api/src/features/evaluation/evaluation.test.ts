// Evaluations through GraphQL on a real database: what is started, and what is refused.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { evaluationCalls, evaluationInput } from '../../testing/evaluation-calls.js'
import { addSampleSlice, sampleCase } from '../../testing/sample-slice.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sliceId: string
let calls: ReturnType<typeof evaluationCalls>
const cases = 20

beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, cases)).id
  calls = evaluationCalls(api, sliceId)
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

describe('an evaluation', () => {
  it('is started with complete arms and batches, and ends with rows, means and receipts', async () => {
    const { evaluation, errors } = await calls.start({ note: 'why', seed: 3, generation: true })
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
    const done = await calls.run(evaluation.id)
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
    const answers = await Promise.all(Array.from({ length: 10 }, () => calls.start(same)))
    expect(new Set(answers.map(({ evaluation }) => evaluation.id)).size).toBe(1)
    expect(await api.database.prisma.evaluation.count()).toBe(1)
    expect(await api.database.prisma.evaluationArm.count()).toBe(2)
    expect(await api.database.prisma.evaluationBatch.count()).toBe(3)
    const where = { subject: answers[0].evaluation.id }
    expect(await api.database.prisma.auditEvent.count({ where })).toBe(1)
  })

  it('of two models names its arms after them and computes each model by itself', async () => {
    const { writeTinyModel } = await import('../../engine/testing/tiny-model.js')
    const directory = writeTinyModel(api.environment.home, {}, 'second')
    const second = await api.services.models.register(api.viewer, directory, false)
    const arms = [api.modelId, second.id].map((modelId) => ({ modelId, method: 'no-edit' }))
    const { evaluation } = await calls.start({ arms, cases: 8 })
    expect(evaluation.arms.map(({ name }: { name: string }) => name)).toEqual([
      'no-edit (tiny-bytes)',
      'no-edit (second)',
    ])
    const engine = createScriptedEngine()
    expect((await calls.run(evaluation.id, engine)).progress.done).toBe(16)
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
    const { evaluation, errors } = await calls.start(changes)
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
    const [first, second] = evaluationInput(api, sliceId).arms
    const { evaluation, errors } = await calls.start({ arms: [first, { ...second, ...changes }] })
    expect(evaluation).toBeNull()
    expect(errors).toMatchObject([{ code, field }])
  })

  it('65 arms, a slice that is not ready, cases that the protocol cannot score', async () => {
    const one = { modelId: api.modelId, method: 'no-edit' }
    const many = Array.from({ length: 65 }, (_, index) => ({ ...one, name: `${index}` }))
    expect((await calls.start({ arms: many })).errors).toMatchObject([
      { code: 'BAD_ARGUMENT', field: 'arms' },
    ])
    const { id } = await addSampleSlice(api, 3)
    await api.database.prisma.slice.update({ where: { id }, data: { state: 'RUNNING' } })
    expect((await calls.start({ sliceId: id })).errors).toMatchObject([{ code: 'SLICE_NOT_READY' }])
    const unfit = await addSampleSlice(api, 3, {
      request: { ...sampleCase(0).request, targetTrue: null },
    })
    const { errors } = await calls.start({ sliceId: unfit.id })
    expect(errors).toMatchObject([{ code: 'PROTOCOL_UNFIT', field: 'protocol' }])
    expect(errors[0].message).toContain('of the 3 cases: 3 because it has no true target')
    expect((await calls.start({ sliceId: unfit.id, protocol: 'zsre' })).errors).toEqual([])
  })
})
