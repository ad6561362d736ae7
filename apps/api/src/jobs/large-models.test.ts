// A model that does not fit into one worker's memory: another worker computes it, and the evaluation says so until there is one.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import { addSampleSlice } from '../testing/sample-slice.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { LargeModels } from './large-models.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const failure = {
  ...{ code: 'MODEL_TOO_LARGE', message: 'The run needs 9 GiB', cure: 'Close other programs.' },
}

function smallEngine() {
  const engine = createScriptedEngine()
  engine.evaluate = async ({ task }) => {
    engine.evaluationTasks.push(task)
    throw new LensEngineError('MODEL_TOO_LARGE', 'the run needs 9 GiB', { cure: failure.cure })
  }
  return engine
}

describe('a model that does not fit', () => {
  it('is left alone by this worker, said of the evaluation, and computed by another worker', async () => {
    const { id: sliceId } = await addSampleSlice(api, 6)
    const { id } = await api.services.evaluations.start(api.viewer, {
      ...{ sliceId, protocol: 'counterfact', casesPerBatch: 2 },
      arms: [{ modelId: api.modelId, method: 'no-edit' }],
    })
    const progressOf = async () => {
      const query = `query($id: ID!) { evaluation(id: $id) { progress {
        state done failed error { code } waiting { code message cure } } } }`
      return (await api.graphql(query, { id })).data.evaluation.progress
    }
    const engine = smallEngine()
    const worker = await api.startWorker(engine)
    const progress = await eventually(progressOf, ({ waiting }) => waiting !== null)
    expect(progress).toMatchObject({ done: 0, failed: 0, error: null })
    expect(progress.waiting).toMatchObject({
      ...{ code: 'MODEL_TOO_LARGE', cure: failure.cure },
      message: expect.stringContaining('The run needs 9 GiB'),
    })
    const { workers } = await api.services.workers.report()
    expect(workers[0]?.notes).toEqual([expect.stringContaining('MODEL_TOO_LARGE')])
    const batches = await api.database.prisma.evaluationBatch.findMany()
    expect(batches.map(({ state, crashes }) => [state, crashes])).toEqual(
      batches.map(() => ['QUEUED', 0]),
    )
    const other = await api.startWorker(createScriptedEngine())
    const last = await eventually(progressOf, ({ state }) => state === 'DONE')
    expect(last).toMatchObject({ done: 6, failed: 0, waiting: null })
    expect(engine.evaluationTasks).toHaveLength(1)
    await Promise.all([worker.stop(), other.stop()])
  })

  it('is no more said to be too large while it is computed again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { id: sliceId } = await addSampleSlice(api, 2)
    const start = () =>
      api.services.evaluations.start(api.viewer, {
        ...{ sliceId, protocol: 'counterfact' },
        arms: [{ modelId: api.modelId, method: 'no-edit' }],
      })
    const stateOf = async (id: string) => {
      const query = `query($id: ID!) { evaluation(id: $id) { progress { state waiting { code } } } }`
      return (await api.graphql(query, { id })).data.evaluation.progress
    }
    const engine = createScriptedEngine()
    const plain = engine.evaluate
    const tries: (() => void)[] = []
    engine.evaluate = async (job) => {
      await new Promise<void>((resolve) => tries.push(resolve))
      if (tries.length > 1) return plain(job)
      throw new LensEngineError('MODEL_TOO_LARGE', 'the run needs 9 GiB', { cure: failure.cure })
    }
    const tryOf = (place: number) =>
      eventually(
        async () => tries[place],
        (go) => go !== undefined,
      )
    const { id } = await start()
    const worker = await api.startWorker(engine)
    ;(await tryOf(0))?.()
    await eventually(
      () => stateOf(id),
      ({ waiting }) => waiting?.code === 'MODEL_TOO_LARGE',
    )
    vi.setSystemTime(Date.now() + 300_000)
    const compute = await tryOf(1)
    const { id: next } = await start()
    expect((await stateOf(next)).waiting).toBeNull()
    const { workers } = await api.services.workers.report()
    expect(workers.flatMap(({ notes }) => notes)).toEqual([])
    compute?.()
    ;(await tryOf(2))?.()
    for (const one of [id, next])
      await eventually(
        () => stateOf(one),
        ({ state }) => state === 'DONE',
      )
    await worker.stop()
    vi.useRealTimers()
  })

  it('is tried again after five minutes', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const models = new LargeModels()
    models.add('id', 'small', failure)
    expect([models.has('id'), models.has('other')]).toEqual([true, false])
    vi.setSystemTime(Date.now() + 299_999)
    expect([models.has('id'), models.expire()]).toEqual([true, false])
    const { message, cure } = failure
    expect(models.list()).toEqual([{ modelId: 'id', name: 'small', message, cure }])
    vi.setSystemTime(Date.now() + 1)
    expect([models.has('id'), models.expire(), models.expire()]).toEqual([false, true, false])
    expect(models.list()).toEqual([])
    vi.useRealTimers()
  })
})
