// Why an evaluation waits, as those see it who follow it: it depends on workers, which come, look around, and die.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EngineHost } from '../../engine/engine-host.js'
import type { WorkerProcess, WorkerProcessParts } from '../../jobs/worker-process.js'
import { WorkerRepository } from '../../jobs/worker.repository.js'
import { addSampleSlice } from '../../testing/sample-slice.js'
import { createScriptedEngine, sampleDevices } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { headOf } from './evaluation-progress.service.js'

let api: TestApi
let sliceId: string
beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, 4)).id
})
afterAll(() => api.stop())
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await api.database.prisma.worker.deleteMany()
  await api.database.prisma.evaluation.deleteMany()
})

const workers: WorkerProcess[] = []
const startWorker = async (engine: EngineHost, options: Partial<WorkerProcessParts> = {}) => {
  const worker = await api.startWorker(engine, options)
  workers.push(worker)
  return worker
}

const start = async (changes: object = {}) => {
  const { id } = await api.services.evaluations.start(api.viewer, {
    ...{ sliceId, protocol: 'counterfact', ...changes },
    arms: [{ modelId: api.modelId, method: 'no-edit' }],
  })
  return id
}

/** The reasons that come to one who follows, the first of them before there is a worker. */
async function follow(id: string) {
  const seen: (string | null)[] = []
  const { evaluationProgress } = api.services
  const stream = evaluationProgress.follow(api.viewer, id, null)
  const read = async (): Promise<void> => {
    for await (const progress of stream) {
      const reason = await evaluationProgress.waiting(headOf(progress), progress.state)
      seen.push(reason?.code ?? null)
    }
  }
  const ended = read()
  await eventually(
    async () => seen.length,
    (count) => count > 0,
  )
  return {
    seen,
    hears: (code: string | null) =>
      eventually(
        async () => seen.at(-1),
        (last) => last === code,
      ),
    stop: async () => {
      await stream.return?.()
      await ended
    },
  }
}

describe('whoever follows an evaluation hears', () => {
  it('that nobody has its model, as soon as a worker has looked', async () => {
    const id = await start()
    const { prisma } = api.database
    const known = await prisma.model.findUniqueOrThrow({
      where: { id: api.modelId },
      omit: { id: true, searchKey: true },
    })
    const lost = await prisma.model.create({
      data: { ...known, name: 'lost', directory: '/nowhere', digest: 'unheard of' },
    })
    await prisma.evaluationArm.updateMany({
      where: { evaluationId: id },
      data: { modelId: lost.id },
    })
    const follower = await follow(id)
    expect(follower.seen).toEqual([null])
    const worker = await startWorker(createScriptedEngine())
    await follower.hears('MODEL_NOT_FOUND')
    await worker.stop()
    await follower.hears(null)
    await follower.stop()
  })

  it('that nobody has its device, once the drivers were tried', async () => {
    const id = await start({ provider: 'CUDA' })
    const follower = await follow(id)
    let tell: () => void = () => undefined
    const tried = new Promise<void>((resolve) => (tell = resolve))
    const devices = () => tried.then(() => sampleDevices)
    await startWorker({ ...createScriptedEngine(), devices })
    // One who looks meanwhile learns nothing, which must not be remembered.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(new Set(follower.seen)).toEqual(new Set([null]))
    tell()
    await follower.hears('PROVIDER_UNAVAILABLE')
    await follower.stop()
  })

  it('that only a broken worker is left after a sound one elsewhere has died', async () => {
    const sound = 'elsewhere:1:00000000-00000000'
    await new WorkerRepository(api.database).reportAlive(sound)
    const id = await start()
    const follower = await follow(id)
    const engine = createScriptedEngine()
    engine.script.push('cannot-start')
    const worker = await startWorker(engine, { restTimes: { first: 60_000, longest: 60_000 } })
    await eventually(
      () => api.services.workers.report(),
      ({ workers }) => workers.some(({ trouble }) => trouble !== null),
    )
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(new Set(follower.seen)).toEqual(new Set([null]))
    await api.database.pool.query(
      `UPDATE worker SET seen_at = clock_timestamp() - interval '31 s' WHERE id = $1`,
      [sound],
    )
    await follower.hears('ENGINE_UNAVAILABLE')
    await worker.stop()
    await follower.hears(null)
    await follower.stop()
  })
})
