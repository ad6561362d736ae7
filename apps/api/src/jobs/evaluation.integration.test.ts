// An evaluation with the real engine in its own process: two methods, four facts, on a tiny model.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import type { SupervisedEngine } from '../engine/supervised-engine.js'
import { silentLogger } from '../testing/test-database.js'
import { addSampleSlice } from '../testing/sample-slice.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

let api: TestApi
let engine: SupervisedEngine
let sliceId: string
/** Told of every batch that the engine's process has begun. */
let begun: () => void = () => undefined
beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, 4)).id
  engine = createSupervisedEngine({ ...api.environment, provider: 'cpu', threads: 1 }, silentLogger)
  const evaluate: typeof engine.evaluate = (job) =>
    engine.evaluate({
      ...job,
      onProgress: (progress) => {
        if (progress.stage === 'sampling contexts') begun()
        job.onProgress(progress)
      },
    })
  const leaseTimes = { renewal: 200, check: 100 }
  await api.startWorker({ ...engine, evaluate }, { leaseTimes })
  await engine.start()
}, 120_000)
afterAll(() => api.stop())

const start = async (changes: object = {}) =>
  (
    await api.services.evaluations.start(api.viewer, {
      ...{ sliceId, protocol: 'backward-lens', threads: 1, casesPerBatch: 2 },
      arms: [
        { modelId: api.modelId, method: 'forward-shift' },
        { modelId: api.modelId, method: 'ft', hyperparameters: { layer: 0, steps: 3 } },
      ],
      ...changes,
    })
  ).id
const ended = (id: string) =>
  eventually(
    () => api.database.prisma.evaluation.findUniqueOrThrow({ where: { id } }),
    ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
    60_000,
  )
const rowsOf = (evaluationId: string) =>
  api.database.prisma.caseResult.findMany({
    where: { evaluationId },
    include: { arm: true },
    orderBy: [{ place: 'asc' }, { arm: { place: 'asc' } }],
  })
/** Without ids and times. */
const bare = (rows: Awaited<ReturnType<typeof rowsOf>>) =>
  rows.map(({ place, kind, metrics, before, prompts, record }) => ({
    ...{ place, kind, metrics: metrics.map(String), before: before.map(String), prompts, record },
  }))

describe('the real engine', () => {
  it('computes every case under every arm, twice the same, with metrics, probabilities and a receipt', async () => {
    const id = await start()
    expect(await ended(id)).toMatchObject({ state: 'DONE', error: null })
    const rows = await rowsOf(id)
    expect(rows.map(({ place, arm }) => `${place} ${arm.name}`)).toEqual(
      [0, 1, 2, 3].flatMap((place) => [`${place} forward-shift`, `${place} ft`]),
    )
    for (const row of rows) {
      expect(row).toMatchObject({ kind: 'ROW', caseId: `case-${row.place}` })
      expect(row.metrics).toHaveLength(5)
      expect(row.metrics.slice(0, 3).every((value) => value >= 0 && value <= 100)).toBe(true)
      expect(row.metrics.slice(3).every(Number.isNaN)).toBe(true)
      expect(row.editMilliseconds).toBeGreaterThan(0)
      expect(row.peakBytes).toBeGreaterThan(1e6)
      const [rewrite] = row.prompts as { kind: string; newBefore: number; newAfter: number }[]
      expect(rewrite).toMatchObject({ kind: 'rewrite', newBefore: expect.any(Number) })
      if (row.arm.name === 'ft') expect(rewrite?.newAfter).toBeGreaterThan(rewrite?.newBefore ?? 1)
    }
    const { receipt } = rows[0]?.arm as { receipt: object }
    expect(receipt).toMatchObject({ model: { provider: 'cpu', threads: 1 } })
    expect(receipt).not.toHaveProperty('others')
    const again = await start({ casesPerBatch: 2 })
    await ended(again)
    expect(bare(await rowsOf(again))).toEqual(bare(rows))
  })

  it('is killed in mid-run: what it was computing is tried again, and every row is there', async () => {
    const slow = { layer: 0, steps: 200, lossThreshold: 0 }
    const arms = [{ modelId: api.modelId, method: 'ft', hyperparameters: slow }]
    let batchesBegun = 0
    begun = () => {
      batchesBegun += 1
      if (batchesBegun === 2) process.kill(engine.processId() as number, 'SIGKILL')
    }
    const id = await start({ arms, casesPerBatch: 1 })
    expect(await ended(id)).toMatchObject({ state: 'DONE' })
    expect(batchesBegun).toBe(5)
    const rows = await rowsOf(id)
    expect(rows.map(({ kind, place }) => `${kind} ${place}`)).toEqual(
      [0, 1, 2, 3].map((place) => `ROW ${place}`),
    )
    const batches = await api.database.prisma.evaluationBatch.findMany({
      where: { evaluationId: id },
    })
    expect(batches.map(({ crashes }) => crashes).toSorted()).toEqual([0, 0, 0, 1])
  })

  it('ends an evaluation that lacks a trained editor, with its cure', async () => {
    const id = await start({ arms: [{ modelId: api.modelId, method: 'mend' }] })
    expect(await ended(id)).toMatchObject({
      ...{ state: 'FAILED', error: { code: 'MEND_CHECKPOINT_MISSING', cure: expect.any(String) } },
    })
  })

  it('cancelled in mid-computation, it stops within two seconds', async () => {
    const slow = { layer: 0, steps: 500, lossThreshold: 0 }
    const arms = [{ modelId: api.modelId, method: 'ft', hyperparameters: slow }]
    const id = await start({ arms, casesPerBatch: 4 })
    const doing = async () => (await api.services.workers.report()).workers[0]?.doing ?? null
    await eventually(doing, (now) => now !== null, 30_000)
    const cancelled = Date.now()
    await api.services.evaluations.cancel(api.viewer, id)
    await eventually(doing, (now) => now === null)
    // What a worker does is told once a second at most.
    expect(Date.now() - cancelled).toBeLessThan(3_500)
    expect(await rowsOf(id)).toEqual([])
  })
})
