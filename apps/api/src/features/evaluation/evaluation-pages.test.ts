// Lists of evaluations, estimates, presets and the page of workers, on a real database.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addSampleSlice } from '../../testing/sample-slice.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sliceId: string

beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, 20)).id
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const inputOf = (changes: object = {}) => ({
  ...{ sliceId, protocol: 'counterfact' },
  arms: ['forward-shift', 'ft'].map((method) => ({ modelId: api.modelId, method })),
  ...changes,
})
const started = async (changes: object = {}): Promise<string> =>
  (await api.services.evaluations.start(api.viewer, inputOf(changes))).id
const stateOf = async (id: string) =>
  (await api.services.evaluations.get(api.viewer, id))?.state ?? 'GONE'
const run = async (id: string) => {
  const worker = await api.startWorker(createScriptedEngine())
  await eventually(
    () => stateOf(id),
    (state) => !['QUEUED', 'RUNNING'].includes(state),
  )
  await worker.stop()
}

describe('lists, estimates and presets', () => {
  const list = async (filter: object) => {
    const { data } = await api.graphql(
      'query($filter: EvaluationFilter) { evaluations(filter: $filter) { totalCount edges { node { name progress { done } } } } }',
      { filter },
    )
    return data.evaluations.edges.map(({ node }: { node: { name: string } }) => node.name)
  }

  it('are filtered by state, protocol, model, method and text', async () => {
    await started({ name: 'first 50%' })
    await started({
      name: 'second',
      protocol: 'easyedit',
      arms: [{ modelId: api.modelId, method: 'sgd' }],
    })
    expect(await list({})).toEqual(['second', 'first 50%'])
    expect(await list({ protocol: 'easyedit' })).toEqual(['second'])
    expect(await list({ method: 'ft', modelId: api.modelId })).toEqual(['first 50%'])
    expect(await list({ search: '50%' })).toEqual(['first 50%'])
    expect(await list({ search: '%x' })).toEqual([])
    expect(await list({ state: 'DONE' })).toEqual([])
    expect(await list({ modelId: 'x' })).toEqual([])
  })

  it('estimate from earlier rows of the same model and method, and say what is wrong without throwing', async () => {
    const estimate = async (changes: object = {}) => {
      const { data } = await api.graphql(
        `query($input: StartEvaluationInput!) { estimateEvaluation(input: $input) {
          edits seconds bytes missing notes problems { code field } } }`,
        { input: inputOf(changes) },
      )
      return data.estimateEvaluation
    }
    const before = await estimate()
    expect(before).toMatchObject({ edits: 40, seconds: null, problems: [] })
    expect(before.notes[0]).toContain('forward-shift, ft')
    await run(await started())
    const after = await estimate({ cases: 10 })
    expect(after).toMatchObject({ edits: 20, notes: [] })
    expect(after.seconds).toBeCloseTo(20 * 0.015)
    expect(after.bytes).toBeGreaterThan(0)
    expect((await estimate({ cases: 99 })).problems).toEqual([
      { code: 'BAD_ARGUMENT', field: 'cases' },
    ])
    const rome = [{ modelId: api.modelId, method: 'rome' }]
    expect((await estimate({ arms: rome })).missing[0]).toContain('rome on tiny-bytes')
  })

  it('presets repeat the tables of papers', async () => {
    const { data } = await api.graphql(
      `query($modelId: ID!) { evaluationPresets(modelId: $modelId) {
        name title description protocol cases methods source arms { name method hyperparameters note } } }`,
      { modelId: api.modelId },
    )
    expect(data.evaluationPresets.map(({ name }: { name: string }) => name)).toEqual([
      'backward-lens',
      'rome',
    ])
    const [paper] = data.evaluationPresets
    expect(paper).toMatchObject({ protocol: 'backward-lens', cases: 1000 })
    const arms = paper.arms.map(({ name, method, hyperparameters }: never) => ({
      ...{ name, method, hyperparameters, modelId: api.modelId },
    }))
    const preset: string = paper.name
    const id = await started({ protocol: paper.protocol, arms, preset })
    expect(await api.services.evaluations.get(api.viewer, id)).toMatchObject({
      settings: { preset },
    })
  })
})

describe('the page of workers', () => {
  const report = async () =>
    (
      await api.graphql(`{ workers { command queue { runs edits batches slices figures imports }
        workers { id machine processId alive seenAt device model doing evaluationId casesPerSecond residentBytes notes } } }`)
    ).data.workers

  it('says who computes what, how fast, and what waits', async () => {
    const id = await started()
    expect((await report()).queue).toEqual({
      ...{ runs: 0, edits: 0, batches: 3, slices: 0, figures: 0, imports: 0 },
    })
    const engine = createScriptedEngine()
    engine.script.push('answer', 'hang')
    const worker = await api.startWorker(engine)
    const busy = await eventually(report, ({ workers }) => workers[0]?.evaluationId === id, 5_000)
    const shown = await eventually(report, ({ workers }) => workers[0]?.casesPerSecond > 0, 15_000)
    expect(busy.workers).toHaveLength(1)
    expect(shown.workers[0]).toMatchObject({
      ...{ id: worker.id, processId: process.pid, alive: true, device: 'Test processor' },
      ...{ model: 'tiny-bytes', doing: 'computing cases of an evaluation', notes: [] },
    })
    expect(shown.workers[0].residentBytes).toBeGreaterThan(1e6)
    await worker.stop()
    expect((await report()).workers).toEqual([])
  })

  it('computes a model that is under its name in the store of another machine', async () => {
    const id = await started()
    const { prisma } = api.database
    const where = { id: api.modelId }
    const { directory } = await prisma.model.findUniqueOrThrow({ where })
    await prisma.model.update({ where, data: { directory: '/elsewhere/tiny-bytes' } })
    await run(id)
    expect(await stateOf(id)).toBe('DONE')
    await prisma.model.update({ where, data: { directory } })
  })

  it('names a model that a worker lacks; its batches stay for others', async () => {
    const id = await started()
    const { prisma } = api.database
    const where = { id: api.modelId }
    const { directory, digest } = await prisma.model.findUniqueOrThrow({ where })
    const elsewhere = { directory: '/elsewhere/tiny-bytes', digest: 'of other weights' }
    await prisma.model.update({ where, data: elsewhere })
    const worker = await api.startWorker(createScriptedEngine())
    const { workers } = await eventually(report, (now) => now.workers[0]?.notes.length > 0)
    expect(workers[0].notes[0]).toContain('tiny-bytes is not on this machine')
    expect(await stateOf(id)).toBe('QUEUED')
    await prisma.model.update({ where, data: { directory, digest } })
    await worker.stop()
    await run(id)
    expect(await stateOf(id)).toBe('DONE')
  })

  it('gives the command for another machine without the password', async () => {
    const { command } = await report()
    expect(command).toMatch(/^DATABASE_URL='postgres.*' IMPRINT_HOME=.* npm run worker$/)
    const { withoutPassword } = await import('../worker/worker.service.js')
    const url = withoutPassword('postgresql://ann:secret@db:5432/imprint?sslpassword=secret')
    expect(url).not.toContain('secret')
    expect(url).toContain('PASSWORD')
  })
})
