import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LensResultRepository } from '../features/lens-run/lens-result.repository.js'
import { packResult } from '../features/lens-run/pack-result.js'
import { toLensRequest } from '../features/lens-run/run-request.js'
import { sampleResult } from '../testing/sample-result.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { RunLeaseRepository } from './run-lease.repository.js'
import type { ClaimedRun } from './run-lease.repository.js'

let api: TestApi
let leases: RunLeaseRepository
let results: LensResultRepository
beforeAll(async () => {
  api = await startTestApi()
  leases = new RunLeaseRepository(api.database, 30)
  results = new LensResultRepository(api.database)
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.lensRun.deleteMany())

const queueRun = async () => {
  const input = { modelId: api.modelId, promptText: 'abc', targetText: 'd' }
  return (await api.services.lensRuns.create(api.viewer, input)).id
}
const rowOf = (id: string) => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })
const expire = (id: string) =>
  api.database.pool.query(
    `UPDATE lens_run SET lease_until = now() - interval '1 s' WHERE id = $1`,
    [id],
  )
const store = (run: ClaimedRun) =>
  results.storeDone(run.id, run.leaseEpoch, packResult(sampleResult(toLensRequest(run))))
const claim = async (owner: string): Promise<ClaimedRun> =>
  (await leases.claim(owner)) as ClaimedRun

describe('leases', () => {
  it('give every run to one worker only, oldest first, however many claim at once', async () => {
    const ids = [await queueRun(), await queueRun(), await queueRun(), await queueRun()]
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => leases.claim(`worker ${index}`)),
    )
    const claimed = claims.filter((run) => run !== null).map((run) => run.id)
    expect(claimed.sort()).toEqual(ids.sort())
    expect(await leases.claim('late')).toBeNull()
  })

  it('fence out a worker that was presumed dead: it writes nothing, its successor does', async () => {
    const id = await queueRun()
    const zombie = await claim('zombie')
    await expire(id)
    const successor = await claim('successor')
    expect(successor).toMatchObject({ id, attempt: 2, leaseEpoch: zombie.leaseEpoch + 1 })
    expect((await rowOf(id)).error).toMatchObject({
      code: 'WORKER_LOST',
      attempt: 1,
      retried: true,
    })
    expect(await leases.renew(zombie)).toBe(false)
    expect(await leases.setStage(zombie, 'STORING')).toBe(false)
    expect(await leases.endAttempt(zombie, { code: 'X', message: 'x', cure: 'x' }, true)).toBe(
      'lost',
    )
    expect(await store(zombie)).toBe(false)
    expect(await api.database.prisma.projection.count({ where: { runId: id } })).toBe(0)
    expect(await store(successor)).toBe(true)
    expect(await store(successor)).toBe(false)
    expect(await rowOf(id)).toMatchObject({
      state: 'DONE',
      leaseOwner: null,
      attempt: 2,
      loss: 1.25,
    })
  })

  it('fail a run whose second worker is lost too, with the reason', async () => {
    const id = await queueRun()
    for (const owner of ['first', 'second']) {
      expect((await claim(owner)).id).toBe(id)
      await expire(id)
    }
    expect(await leases.claim('third')).toBeNull()
    expect(await leases.failExhausted()).toBe(1)
    expect(await rowOf(id)).toMatchObject({
      state: 'FAILED',
      attempt: 2,
      error: { code: 'WORKER_LOST', retried: false },
    })
  })

  it('are prolonged by the database’s clock, and end with cancel and delete', async () => {
    const id = await queueRun()
    const run = await claim('worker')
    const before = (await rowOf(id)).leaseUntil as Date
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await leases.renew(run)).toBe(true)
    expect(((await rowOf(id)).leaseUntil as Date).getTime()).toBeGreaterThan(before.getTime())
    await api.services.lensRuns.cancel(api.viewer, id)
    expect(await leases.holds(run)).toBe(false)
    expect(await store(run)).toBe(false)
    const other = await claim('worker').catch(() => null)
    expect(other).toBeNull()
  })

  it('are given back without counting the attempt', async () => {
    const id = await queueRun()
    expect(await leases.giveBack(await claim('worker'))).toBe(true)
    expect(await rowOf(id)).toMatchObject({ state: 'QUEUED', attempt: 0, error: null })
    expect(await claim('next')).toMatchObject({ id, attempt: 1 })
  })
})

describe('a worker', () => {
  it('tries again after a crash of the engine, says so, and fails after the second', async () => {
    const engine = createScriptedEngine()
    const worker = await api.startWorker(engine)
    engine.script.push('crash', 'answer')
    const retried = await queueRun()
    const row = await eventually(
      () => rowOf(retried),
      ({ state }) => state === 'DONE',
    )
    expect(row).toMatchObject({
      attempt: 2,
      error: { code: 'ENGINE_CRASHED', attempt: 1, retried: true },
    })
    engine.script.push('crash', 'crash')
    const failed = await queueRun()
    const end = await eventually(
      () => rowOf(failed),
      ({ state }) => state === 'FAILED',
    )
    expect(end).toMatchObject({
      attempt: 2,
      error: { code: 'ENGINE_CRASHED', attempt: 2, retried: false },
    })
    engine.script.push('refuse')
    const refused = await queueRun()
    const refusal = await eventually(
      () => rowOf(refused),
      ({ state }) => state === 'FAILED',
    )
    expect(refusal).toMatchObject({
      attempt: 1,
      error: { code: 'NOT_FINITE', message: 'The loss is NaN' },
    })
    await worker.stop()
  })

  it('stops computing within two seconds when its run is cancelled or deleted', async () => {
    const engine = createScriptedEngine()
    const worker = await api.startWorker(engine)
    for (const end of ['cancel', 'remove'] as const) {
      engine.script.push('hang')
      const id = await queueRun()
      await eventually(
        async () => engine.jobs.at(-1),
        (job) => job !== undefined && !job.signal.aborted,
      )
      await eventually(
        () => rowOf(id),
        ({ stage }) => stage === 'COMPUTING',
      )
      const started = Date.now()
      await api.services.lensRuns[end](api.viewer, id)
      await eventually(
        async () => engine.jobs.at(-1)?.signal.aborted,
        (aborted) => aborted === true,
      )
      expect(Date.now() - started).toBeLessThan(2_000)
    }
    await worker.stop()
  })

  it('gives its run back when it is told to stop, and another one finishes it', async () => {
    const engine = createScriptedEngine()
    engine.script.push('hang')
    const first = await api.startWorker(engine)
    const id = await queueRun()
    await eventually(
      () => rowOf(id),
      ({ stage }) => stage === 'COMPUTING',
    )
    await first.stop()
    expect(await rowOf(id)).toMatchObject({ state: 'QUEUED', attempt: 0 })
    const second = await api.startWorker(createScriptedEngine())
    await eventually(
      () => rowOf(id),
      ({ state }) => state === 'DONE',
    )
    await second.stop()
  })

  it('finds an expired lease by its own poller, without any job', async () => {
    const id = await queueRun()
    await claim('dead worker')
    await api.database.pool.query('DELETE FROM graphile_worker._private_jobs')
    const worker = await api.startWorker(createScriptedEngine())
    expect((await rowOf(id)).state).toBe('RUNNING')
    await expire(id)
    expect(
      await eventually(
        () => rowOf(id),
        ({ state }) => state === 'DONE',
      ),
    ).toMatchObject({ attempt: 2 })
    await worker.stop()
  })

  it('shares a queue with others: each run is computed once', async () => {
    const engines = [createScriptedEngine(), createScriptedEngine(), createScriptedEngine()]
    const workers = await Promise.all(engines.map((engine) => api.startWorker(engine)))
    const ids = await Promise.all(Array.from({ length: 30 }, queueRun))
    await eventually(
      () => api.database.prisma.lensRun.count({ where: { state: 'DONE' } }),
      (done) => done === ids.length,
    )
    expect(engines.reduce((sum, engine) => sum + engine.jobs.length, 0)).toBe(ids.length)
    expect(await api.database.prisma.projection.count()).toBe(ids.length * 6)
    await Promise.all(workers.map((worker) => worker.stop()))
  })
})
