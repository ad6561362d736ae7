// A worker whose engine does not start: it gives back untouched what it claimed, rests longer and longer, and says why.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { VectorFileRepository } from '../features/vector-file/vector-file.repository.js'
import { addSampleSlice } from '../testing/sample-slice.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import type { ScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { EngineHealth } from './engine-health.js'

const restTimes = { first: 20, longest: 100 }
const cases = 6
let api: TestApi
let sliceId: string

beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, cases)).id
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const startEvaluation = () =>
  api.services.evaluations.start(api.viewer, {
    ...{ sliceId, protocol: 'counterfact', casesPerBatch: 3 },
    arms: [{ modelId: api.modelId, method: 'no-edit' }],
  })
const batchesOf = (evaluationId: string) =>
  api.database.prisma.evaluationBatch.findMany({ where: { evaluationId } })
const rowsOf = (evaluationId: string) =>
  api.database.prisma.caseResult.findMany({ where: { evaluationId } })
const startRun = () =>
  api.services.lensRuns.create(api.viewer, {
    ...{ modelId: api.modelId, promptText: 'a', targetText: 'b' },
  })
const runOf = (id: string) => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })

interface Progress {
  readonly state: string
  readonly done: number
  readonly failed: number
  readonly waiting: {
    readonly code: string
    readonly message: string
    readonly cure: string
  } | null
}
const progressOf = async (id: string): Promise<Progress> => {
  const query = `query($id: ID!) { evaluation(id: $id) { progress { state done failed waiting { code message cure } } } }`
  const { data } = await api.graphql(query, { id })
  return (data as { evaluation: { progress: Progress } }).evaluation.progress
}
const done = (id: string) =>
  eventually(
    () => progressOf(id),
    ({ state }) => state === 'DONE',
  )

/** It starts only when it is told to. */
function brokenEngine(): ScriptedEngine & { mend: () => void; spoil: () => void } {
  const engine = createScriptedEngine()
  let broken = true
  const breaking = (): void => void (broken && engine.script.unshift('cannot-start'))
  return {
    ...engine,
    mend: () => (broken = false),
    spoil: () => (broken = true),
    start: () => (breaking(), engine.start()),
    run: (job) => (breaking(), engine.run(job)),
    edit: (job) => (breaking(), engine.edit(job)),
    evaluate: (job) => (breaking(), engine.evaluate(job)),
  }
}

describe('the rests of a worker whose engine does not start', () => {
  afterEach(() => vi.useRealTimers())

  it('double from a second to a minute, and begin anew after work that succeeded', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const told: (string | null)[] = []
    const health = new EngineHealth((trouble) => told.push(trouble?.code ?? null))
    const engine = brokenEngine()
    const start = vi.spyOn(engine, 'start')
    const watched = health.watch(engine)
    const job = { onStage: () => undefined, request: { prompt: { ids: [1] } } } as never
    const restOf = async (): Promise<number> => {
      const [began, starts] = [Date.now(), start.mock.calls.length]
      while (start.mock.calls.length === starts) {
        vi.setSystemTime(Date.now() + 500)
        expect(await health.canCompute()).toBe(false)
      }
      return (Date.now() - began) / 1_000
    }
    expect(await health.canCompute()).toBe(true)
    await expect(watched.run(job)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
    const rests: number[] = []
    for (let tries = 0; tries < 8; tries++) rests.push(await restOf())
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(told).toEqual(['ENGINE_UNAVAILABLE'])
    engine.mend()
    vi.setSystemTime(Date.now() + 60_000)
    expect(await health.canCompute()).toBe(true)
    await watched.edit({ task: { kind: 'export-edits' }, onProgress: () => undefined } as never)
    expect(told).toEqual(['ENGINE_UNAVAILABLE', null])
    engine.script.push('cannot-start')
    await expect(watched.run(job)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
    vi.setSystemTime(Date.now() + 999)
    expect(await health.canCompute()).toBe(false)
    vi.setSystemTime(Date.now() + 1)
    expect(await health.canCompute()).toBe(true)
  })
})

describe('the trouble of an engine', () => {
  afterEach(() => vi.useRealTimers())
  const job = { onStage: () => undefined, request: { prompt: { ids: [1] } } } as never
  const watching = () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const told: (string | null)[] = []
    const health = new EngineHealth((trouble) => told.push(trouble?.code ?? null))
    const engine = createScriptedEngine()
    const start = vi.spyOn(engine, 'start')
    return { told, health, engine, start, watched: health.watch(engine) }
  }
  const rest = () => vi.setSystemTime(Date.now() + 60_000)

  it('that starts but cannot compute stays told while it is tried, once after each rest', async () => {
    const { told, health, engine, start, watched } = watching()
    for (let tries = 0; tries < 3; tries++) {
      engine.script.push('cannot-start')
      await expect(watched.run(job)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
      expect(await health.canCompute()).toBe(false)
      rest()
      start.mockResolvedValueOnce()
      expect([await health.canCompute(), await health.canCompute()]).toEqual([true, true])
      expect(start).toHaveBeenCalledTimes(tries + 1)
    }
    expect(told).toEqual(['ENGINE_UNAVAILABLE'])
    await watched.run(job)
    expect(told).toEqual(['ENGINE_UNAVAILABLE', null])
  })

  it('that a start has met is over when it starts', async () => {
    const { told, health, engine, watched } = watching()
    engine.script.push('cannot-start', 'cannot-start')
    await expect(watched.run(job)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
    rest()
    expect(await health.canCompute()).toBe(false)
    rest()
    expect(await health.canCompute()).toBe(true)
    expect(told).toEqual(['ENGINE_UNAVAILABLE', null])
  })

  it('is not said to be over because the worker stops', async () => {
    const { told, health, engine, start, watched } = watching()
    engine.script.push('cannot-start')
    await expect(watched.run(job)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
    rest()
    start.mockReturnValueOnce(new Promise(() => undefined))
    const asked = health.canCompute()
    health.stop()
    expect(await asked).toBe(false)
    expect(told).toEqual(['ENGINE_UNAVAILABLE'])
  })
})

describe('an engine that does not start', () => {
  it('costs an evaluation no try and no row; it says why it waits, and goes on by itself', async () => {
    const engine = brokenEngine()
    const { id } = await startEvaluation()
    const worker = await api.startWorker(engine, { restTimes })
    const { waiting } = await eventually(
      () => progressOf(id),
      (progress) => progress.waiting !== null,
    )
    expect(waiting).toMatchObject({
      ...{ code: 'ENGINE_UNAVAILABLE', cure: 'Install it again.' },
      message: expect.stringContaining('does not start on this machine'),
    })
    const { data } = await api.graphql(
      `{ workers { workers { id doing notes trouble { code cure } } } }`,
    )
    const [shown] = (data as { workers: { workers: object[] } }).workers.workers
    expect(shown).toMatchObject({
      id: worker.id,
      doing: 'resting: its engine does not start',
      trouble: { code: 'ENGINE_UNAVAILABLE', cure: 'Install it again.' },
      notes: [expect.stringContaining('ENGINE_UNAVAILABLE')],
    })
    expect(await rowsOf(id)).toEqual([])
    for (const batch of await batchesOf(id))
      expect(batch).toMatchObject({ state: 'QUEUED', crashes: 0, losses: 0, leaseOwner: null })
    engine.mend()
    expect(await done(id)).toMatchObject({ done: cases, failed: 0, waiting: null })
    expect((await batchesOf(id)).map(({ crashes }) => crashes)).toEqual([0, 0])
    await worker.stop()
  })

  it('keeps nobody else from it: another worker computes all', async () => {
    const broken = await api.startWorker(brokenEngine(), { restTimes })
    const { id } = await startEvaluation()
    await eventually(
      () => api.services.workers.report(),
      ({ workers }) => workers.some(({ trouble }) => trouble !== null),
    )
    const sound = createScriptedEngine()
    const other = await api.startWorker(sound)
    expect(await done(id)).toMatchObject({ done: cases, failed: 0 })
    expect(sound.evaluationTasks).toHaveLength(2)
    await Promise.all([broken.stop(), other.stop()])
  })

  it('costs a run and its file of vectors none of their attempts', async () => {
    const engine = brokenEngine()
    const { id } = await startRun()
    const worker = await api.startWorker(engine, { restTimes: { first: 1, longest: 1 } })
    await eventually(
      async () => engine.jobs.length,
      (tries) => tries > 0,
    )
    const { state, attempt } = await eventually(
      () => runOf(id),
      (run) => run.state === 'QUEUED',
    )
    expect([state, attempt]).toEqual(['QUEUED', 0])
    engine.mend()
    const ended = await eventually(
      () => runOf(id),
      (run) => run.state === 'DONE',
    )
    expect(ended).toMatchObject({ attempt: 1, error: null })
    const { configDigest } = ended
    const fileOf = () =>
      api.database.prisma.vectorFile.findUniqueOrThrow({ where: { configDigest } })
    engine.spoil()
    const before = engine.jobs.length
    await new VectorFileRepository(api.database).request(configDigest)
    await eventually(
      async () => engine.jobs.length,
      (tries) => tries > before,
    )
    const file = await eventually(fileOf, (one) => one.state === 'QUEUED')
    expect(file).toMatchObject({ attempt: 0, error: null })
    engine.mend()
    const computed = await eventually(fileOf, (one) => ['READY', 'FAILED'].includes(one.state))
    expect(computed.attempt).toBe(1)
    await worker.stop()
  })

  it('ends a worker that is told to stop while it waits for a start', async () => {
    const engine = brokenEngine()
    let starts = 0
    engine.start = () => new Promise(() => starts++)
    const { id } = await startRun()
    const worker = await api.startWorker(engine, { restTimes: { first: 1, longest: 1 } })
    await eventually(
      async () => starts,
      (count) => count > 0,
    )
    await worker.stop()
    expect(await runOf(id)).toMatchObject({ state: 'QUEUED', attempt: 0 })
    await api.database.prisma.lensRun.deleteMany()
  })
})
