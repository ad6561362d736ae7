// Evaluations in the hands of workers: leases, fences, crashes, and the same rows however they came about.
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sampleReceipt, sampleRecord } from '../engine/testing/sample-evaluation.js'
import { EvaluationRepository } from '../features/evaluation/evaluation.repository.js'
import { addSampleSlice, sampleCase } from '../testing/sample-slice.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import type { ScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import type { ClaimedBatch } from './evaluation-claim.js'
import { EvaluationLeaseRepository } from './evaluation-lease.repository.js'
import { EvaluationRowRepository } from './evaluation-row.repository.js'
import { toRows } from './evaluation-rows.js'

let api: TestApi
let sliceId: string
let evaluations: EvaluationRepository
let leases: EvaluationLeaseRepository
let rows: EvaluationRowRepository
const cases = 20

beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, cases)).id
  evaluations = new EvaluationRepository(api.database)
  leases = new EvaluationLeaseRepository(api.database, 30)
  rows = new EvaluationRowRepository(api.database)
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const arm = (name: string, modelId = api.modelId) => ({
  ...{ name, modelId, method: 'forward-shift', hyperparameters: {}, defaults: 'derived: a test' },
})
const start = async (
  changes: { casesPerBatch?: number; cases?: number; priority?: number } = {},
) => {
  const { casesPerBatch = 8, priority = 0 } = changes
  const { projectId, userId: authorId } = api.viewer
  const settings = { ...{ divergence: true, generation: null, threads: null }, casesPerBatch }
  const row = await evaluations.create(
    {
      ...{
        projectId,
        authorId,
        sliceId,
        priority,
        name: 'a test',
        protocol: 'counterfact',
        seed: 0,
      },
      ...{
        cases: changes.cases ?? cases,
        settings: { ...settings, provider: 'auto', preset: null },
      },
    },
    [arm('one'), arm('two')],
  )
  return row.id
}
const offer = () => ({ modelIds: [api.modelId], providers: ['cpu'] })
const claim = async (owner: string) => (await leases.claim(owner, offer())) as ClaimedBatch
const rowsOf = (evaluationId: string) =>
  api.database.prisma.caseResult.findMany({
    where: { evaluationId },
    orderBy: [{ place: 'asc' }, { arm: { place: 'asc' } }],
  })
const stateOf = (id: string) =>
  api.database.prisma.evaluation.findUniqueOrThrow({ where: { id }, include: { batches: true } })
const ended = (id: string) =>
  eventually(
    () => stateOf(id),
    ({ state }) => !['QUEUED', 'RUNNING', 'PAUSED'].includes(state),
  )
/** What has to be equal, byte by byte, however the rows came about. */
const digestOf = async (id: string): Promise<string> => {
  const found = await rowsOf(id)
  const bare = found.map(({ place, caseId, kind, metrics, before, prompts, record }) => ({
    ...{ place, caseId, kind, metrics: metrics.map(String), before: before.map(String) },
    ...{ prompts, record },
  }))
  return createHash('sha256').update(JSON.stringify(bare)).digest('hex')
}
const expire = (id: string) =>
  api.database.pool.query(
    `UPDATE evaluation_batch SET lease_until = clock_timestamp() - interval '1 s' WHERE id = $1`,
    [id],
  )
const answerOf = async (claimed: ClaimedBatch) => {
  const [arms, loaded] = await Promise.all([rows.arms(claimed), rows.cases(claimed)])
  const records = loaded.flatMap(({ record }) =>
    arms.map(({ name }) => sampleRecord(record as never, name)),
  )
  return toRows({ claimed, arms, cases: loaded }, { records, timings: [], receipt: sampleReceipt })
}

describe('a batch', () => {
  it('is cut by the index of its cases, and goes to one worker', async () => {
    await start()
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, worker) => leases.claim(`${worker}`, offer())),
    )
    const found = claims.flatMap((one) => (one === null ? [] : [[one.firstCase, one.cases]]))
    expect(found.toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
      [0, 8],
      [8, 8],
      [16, 4],
    ])
  })

  it('is only for a worker that has its model', async () => {
    await start()
    expect(await leases.claim('without', { modelIds: [], providers: ['cpu'] })).toBeNull()
    const other = '00000000-0000-7000-8000-000000000000'
    expect(await leases.claim('other', { modelIds: [other], providers: ['cpu'] })).toBeNull()
  })

  it('is of the evaluation with the highest priority, then of the one with the fewest under way', async () => {
    const old = await start()
    const young = await start()
    const urgent = await start({ priority: 5, cases: 8 })
    const order = []
    for (let worker = 0; worker < 5; worker++) order.push((await claim('w')).evaluationId)
    expect(order).toEqual([urgent, old, young, old, young])
  })

  it('that is lost is fenced: the zombie writes nothing, its successor does', async () => {
    const id = await start({ cases: 8 })
    const zombie = await claim('zombie')
    await expire(zombie.id)
    const successor = await claim('successor')
    expect(successor).toMatchObject({ id: zombie.id, losses: 1, lost: true, leaseEpoch: 2 })
    const values = await answerOf(zombie)
    expect(await leases.renew(zombie)).toBe(false)
    expect(await rows.store(zombie, values, sampleReceipt)).toBe('lost')
    expect(await rowsOf(id)).toEqual([])
    expect(await rows.store(successor, values, sampleReceipt)).toBe('stored')
    expect(await rows.store(successor, values, sampleReceipt)).toBe('already')
    expect(await rowsOf(id)).toHaveLength(16)
    expect(await stateOf(id)).toMatchObject({ state: 'DONE' })
  })

  it('of a cancelled evaluation is neither renewed nor stored', async () => {
    const id = await start()
    const claimed = await claim('worker')
    await evaluations.cancel(api.viewer.projectId, id)
    expect(await leases.holds(claimed)).toBe(false)
    expect(await rows.store(claimed, await answerOf(claimed), null)).toBe('lost')
    expect(await leases.claim('other', offer())).toBeNull()
  })

  it('keeps the receipt of another worker beside the first one', async () => {
    const id = await start({ casesPerBatch: 10 })
    for (const device of ['first', 'second']) {
      const claimed = await claim(device)
      await rows.store(claimed, await answerOf(claimed), { ...sampleReceipt, device })
    }
    const [found] = await api.database.prisma.evaluationArm.findMany({
      where: { evaluationId: id },
    })
    expect(found?.receipt).toMatchObject({
      ...{ device: 'first', others: [{ device: 'second', worker: 'second' }] },
    })
  })
})

describe('workers', () => {
  const run = async (engines: readonly ScriptedEngine[], id: string) => {
    const workers = await Promise.all(engines.map((engine) => api.startWorker(engine)))
    const last = await ended(id)
    await Promise.all(workers.map((worker) => worker.stop()))
    return last
  }

  it('give the same rows alone, together, and after crashes, cut into single cases and arms', async () => {
    const alone = await start()
    expect(await run([createScriptedEngine()], alone)).toMatchObject({ state: 'DONE' })
    expect(await rowsOf(alone)).toHaveLength(2 * cases)
    const golden = await digestOf(alone)
    const together = await start({ casesPerBatch: 3 })
    await run([createScriptedEngine(), createScriptedEngine()], together)
    expect(await digestOf(together)).toBe(golden)
    const crashing = createScriptedEngine()
    crashing.script.push('crash', ...new Array<'answer'>(16).fill('answer'), 'crash')
    const shaken = await start()
    const { state, batches } = await run([crashing], shaken)
    expect(state).toBe('DONE')
    expect(batches.every((batch) => batch.state === 'DONE')).toBe(true)
    expect(batches.filter(({ crashes }) => crashes > 0).every((one) => one.cases === 1)).toBe(true)
    expect(await digestOf(shaken)).toBe(golden)
  })

  it('record a case that takes the engine down twice as failed, and finish the rest', async () => {
    const engine = createScriptedEngine()
    const poison = sampleCase(5).id
    const plain = engine.evaluate
    engine.evaluate = async (job) => {
      if (job.task.cases.some(({ id }) => id === poison)) engine.script.unshift('crash')
      return plain(job)
    }
    const id = await start()
    expect(await run([engine], id)).toMatchObject({ state: 'DONE' })
    const found = await rowsOf(id)
    const failed = found.filter(({ kind }) => kind === 'FAILURE')
    expect(found).toHaveLength(2 * cases)
    expect(failed.map(({ caseId }) => caseId)).toEqual([poison, poison])
    expect(failed[0]?.record).toMatchObject({
      error: { code: 'ENGINE_CRASHED', message: expect.stringContaining('SIGKILL') },
    })
    const tries = engine.evaluationTasks.filter((task) =>
      task.cases.some((one) => one.id === poison),
    )
    const names = tries.map((task) => ('arms' in task ? task.arms : []).map(({ name }) => name))
    // The batches of a case that was cut have no order among them.
    expect(names[0]).toEqual(['one', 'two'])
    expect(names.slice(1).toSorted()).toEqual([['one'], ['two']])
  })

  it('suspect a batch whose workers were lost 64 times as one that crashes', async () => {
    const id = await start({ casesPerBatch: 1, cases: 2 })
    await api.database.pool.query(
      `UPDATE evaluation_batch SET state = 'RUNNING', lease_owner = 'gone', lease_until = now() - interval '1 s',
        losses = 63, crashes = 1, arm_id = (SELECT id FROM evaluation_arm WHERE evaluation_id = $1 AND place = 1)
        WHERE evaluation_id = $1 AND first_case = 1`,
      [id],
    )
    const engine = createScriptedEngine()
    expect(await run([engine], id)).toMatchObject({ state: 'DONE' })
    expect(engine.evaluationTasks.map((task) => task.cases.map((one) => one.id))).toEqual([
      ['case-0'],
    ])
    const found = (await rowsOf(id)).filter(({ kind }) => kind === 'FAILURE')
    expect(found.map(({ caseId }) => caseId)).toEqual(['case-1'])
    expect(found[0]?.record).toMatchObject({ method: 'two', error: { code: 'WORKER_LOST' } })
  })

  it('leave an evaluation for a device to those that have it', async () => {
    const id = await start({ cases: 8 })
    await api.database.pool.query(
      `UPDATE evaluation SET settings = settings || '{"provider":"cuda"}' WHERE id = $1`,
      [id],
    )
    expect(await leases.claim('without', offer())).toBeNull()
    expect(await leases.claim('with', { ...offer(), providers: ['cpu', 'cuda'] })).not.toBeNull()
  })

  it('fail an evaluation for what every case would meet, with its cure', async () => {
    const engine = createScriptedEngine()
    engine.script.push('refuse')
    const id = await start()
    expect(await run([engine], id)).toMatchObject({
      ...{ state: 'FAILED', error: { code: 'NOT_FINITE', cure: expect.any(String) } },
    })
    expect(engine.evaluationTasks).toHaveLength(1)
  })

  it('give a batch back when they are told to stop', async () => {
    const engine = createScriptedEngine()
    engine.script.push('hang')
    const id = await start()
    const worker = await api.startWorker(engine)
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count === 1,
    )
    await worker.stop()
    const { batches, state } = await stateOf(id)
    expect(batches.map((batch) => [batch.state, batch.crashes, batch.losses])).toEqual(
      batches.map(() => ['QUEUED', 0, 0]),
    )
    expect(state).toBe('RUNNING')
  })

  it('do interactive work between batches', async () => {
    const engine = createScriptedEngine()
    const id = await start({ casesPerBatch: 1 })
    const worker = await api.startWorker(engine)
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count > 0,
    )
    await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText: 'a', targetText: 'b' },
    })
    await eventually(
      async () => engine.jobs.length,
      (count) => count === 1,
    )
    expect(engine.evaluationTasks.length).toBeLessThan(cases)
    await ended(id)
    await worker.stop()
  })
})
