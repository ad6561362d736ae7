// One case under one arm takes the engine down: only that has failed, after two tries; the other arms of the case keep their values,
// and nothing is computed twice because somebody retries it early.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationTask } from '../engine/evaluation-task.js'
import { addSampleSlice, sampleCase } from '../testing/sample-slice.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import type { ScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import type { ClaimedBatch } from './evaluation-claim.js'
import { EvaluationLeaseRepository } from './evaluation-lease.repository.js'
import { EvaluationRowRepository } from './evaluation-row.repository.js'
import { toFailures } from './evaluation-rows.js'

const cases = 8
const poison = sampleCase(5).id
let api: TestApi
let sliceId: string
beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, cases)).id
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const start = async (changes: object = {}) => {
  const { id } = await api.services.evaluations.start(api.viewer, {
    ...{ sliceId, protocol: 'counterfact', casesPerBatch: 4, ...changes },
    arms: ['one', 'two', 'three'].map((name) => ({
      ...{ name, modelId: api.modelId, method: 'no-edit' },
    })),
  })
  return id
}
const rowsOf = (evaluationId: string) =>
  api.database.prisma.caseResult.findMany({
    where: { evaluationId },
    orderBy: [{ place: 'asc' }, { arm: { place: 'asc' } }],
    select: { kind: true, caseId: true, metrics: true, before: true, prompts: true, record: true },
  })
const compute = async (engine: ScriptedEngine, id: string) => {
  const worker = await api.startWorker(engine)
  const read = () => api.services.evaluations.get(api.viewer, id)
  await eventually(read, (evaluation) => evaluation?.state === 'DONE')
  await worker.stop()
  return rowsOf(id)
}
const namesOf = (task: EvaluationTask): string[] =>
  'arms' in task ? task.arms.map(({ name }) => name) : []

/** Dies whenever the case is computed under one of the arms. */
function poisonedEngine(arms: ReadonlySet<string>) {
  const engine = createScriptedEngine()
  const deadly: string[][] = []
  const plain = engine.evaluate
  engine.evaluate = async (job) => {
    const names = namesOf(job.task)
    const dies =
      job.task.cases.some(({ id }) => id === poison) && names.some((name) => arms.has(name))
    if (dies) {
      deadly.push(names)
      engine.script.unshift('crash')
    }
    return plain(job)
  }
  return { engine, deadly }
}

describe('a case that takes the engine down under one arm', () => {
  it('fails under that arm only, after two tries, and every other row is what it would have been', async () => {
    const golden = await compute(createScriptedEngine(), await start())
    const { engine, deadly } = poisonedEngine(new Set(['two']))
    const id = await start()
    const rows = await compute(engine, id)
    const failed = rows.flatMap((row, place) => (row.kind === 'FAILURE' ? [place] : []))
    expect(failed).toEqual([5 * 3 + 1])
    expect(rows[16]?.record).toMatchObject({ method: 'two', error: { code: 'ENGINE_CRASHED' } })
    expect(rows.filter((_, place) => place !== 16)).toEqual(
      golden.filter((_, place) => place !== 16),
    )
    expect(deadly).toEqual([['one', 'two', 'three'], ['two']])
    const batches = await api.database.prisma.evaluationBatch.findMany({
      where: { evaluationId: id, firstCase: { gte: 4 } },
    })
    expect(batches.map((one) => [one.cases, one.state])).toEqual(new Array(12).fill([1, 'DONE']))
  })

  it('fails under each arm that does it; a retry computes each of them once', async () => {
    const { engine } = poisonedEngine(new Set(['one', 'three']))
    const id = await start()
    const rows = await compute(engine, id)
    expect(rows.filter(({ kind }) => kind === 'FAILURE').map(({ caseId }) => caseId)).toEqual([
      poison,
      poison,
    ])
    const done = await api.database.prisma.evaluationBatch.count({ where: { evaluationId: id } })
    await api.services.evaluations.retryFailures(api.viewer, id)
    const again = createScriptedEngine()
    const healed = await compute(again, id)
    expect(again.evaluationTasks.map(namesOf)).toEqual([['one', 'three']])
    expect(healed.every(({ kind }) => kind === 'ROW')).toBe(true)
    const after = await api.database.prisma.evaluationBatch.count({ where: { evaluationId: id } })
    expect(after).toBe(done + 1)
  })
})

describe('a retry while other arms of the case still wait', () => {
  const failure = { code: 'ENGINE_CRASHED', message: 'It died.', cure: 'Run again.' }
  let leases: EvaluationLeaseRepository
  let rows: EvaluationRowRepository
  beforeAll(() => {
    leases = new EvaluationLeaseRepository(api.database)
    rows = new EvaluationRowRepository(api.database)
  })

  const claimAll = async (most = Infinity) => {
    const claimed: ClaimedBatch[] = []
    while (claimed.length < most) {
      const next = await leases.claim('w', { modelIds: [api.modelId], providers: ['cpu'] })
      if (next === null) break
      claimed.push(next)
    }
    return claimed
  }
  const splitNext = async () => {
    for (const one of await claimAll(1)) expect(await leases.split(one)).toBe(true)
  }
  const fail = async (batches: readonly ClaimedBatch[]) => {
    for (const claimed of batches) {
      const [arms, loaded] = await Promise.all([rows.arms(claimed), rows.cases(claimed)])
      const failures = toFailures({ claimed, arms, cases: loaded }, failure)
      expect(await rows.store(claimed, failures, null)).toBe('stored')
    }
  }
  const armsOf = async (batches: readonly ClaimedBatch[]) =>
    (await Promise.all(batches.map((one) => rows.arms(one)))).map((arms) =>
      arms.map(({ name }) => name),
    )
  const retry = (id: string) => api.services.evaluations.retryFailures(api.viewer, id)

  it('computes the arm that failed, and leaves the others to their own batches', async () => {
    const id = await start({ cases: 1 })
    await splitNext()
    await fail(await claimAll(1))
    await retry(id)
    const batches = await claimAll()
    expect((await armsOf(batches)).toSorted()).toEqual([['one'], ['three'], ['two']])
    await fail(batches)
    // Nothing waits any more: the arms are computed together again.
    await retry(id)
    expect(await armsOf(await claimAll())).toEqual([['one', 'two', 'three']])
  })

  it('does so of a retry that was cut into arms itself', async () => {
    const id = await start({ cases: 1 })
    await fail(await claimAll())
    await retry(id)
    await splitNext()
    await fail(await claimAll(1))
    await retry(id)
    expect((await armsOf(await claimAll())).toSorted()).toEqual([['one'], ['three'], ['two']])
  })

  it('that takes the engine down is cut into cases of its arm', async () => {
    const id = await start({ cases: 4 })
    await fail(await claimAll())
    await retry(id)
    await splitNext()
    const pieces = await claimAll()
    const { armId } = pieces[0] as ClaimedBatch
    await fail(pieces.filter((one) => one.armId === armId))
    await retry(id)
    await splitNext()
    const again = await claimAll()
    expect(again.map(({ cases, firstCase }) => [cases, firstCase])).toEqual(
      [0, 1, 2, 3].map((place) => [1, place]),
    )
    expect(new Set(again.map((one) => one.armId))).toEqual(new Set([armId]))
  })
})
