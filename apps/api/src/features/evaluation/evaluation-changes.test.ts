// Changes of an evaluation that was started: pause, cancel, retry, extend, rename, copy, delete.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { evaluationCalls } from '../../testing/evaluation-calls.js'
import { addSampleSlice, sampleCase } from '../../testing/sample-slice.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let calls: ReturnType<typeof evaluationCalls>
const cases = 20

beforeAll(async () => {
  api = await startTestApi()
  calls = evaluationCalls(api, (await addSampleSlice(api, cases)).id)
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

const rowCount = (evaluationId: string) =>
  api.database.prisma.caseResult.count({ where: { evaluationId } })

describe('changes', () => {
  it('pause: nothing new is begun; resume: it goes on', async () => {
    const id = await calls.started()
    expect((await calls.change('pauseEvaluation', id)).evaluation.state).toBe('PAUSED')
    expect((await calls.change('pauseEvaluation', id)).errors[0].code).toBe(
      'EVALUATION_NOT_RUNNING',
    )
    const engine = createScriptedEngine()
    const worker = await api.startWorker(engine)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(engine.evaluationTasks).toEqual([])
    expect((await calls.change('resumeEvaluation', id)).evaluation.state).toBe('QUEUED')
    expect((await calls.ended(id)).state).toBe('DONE')
    expect((await calls.change('resumeEvaluation', id)).errors[0].code).toBe(
      'EVALUATION_NOT_STOPPED',
    )
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
    const id = await calls.started()
    const worker = await api.startWorker(engine, { leaseTimes: { renewal: 200, check: 100 } })
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count === 1,
    )
    await calls.change('pauseEvaluation', id)
    release()
    const paused = await eventually(
      () => calls.read(id),
      ({ progress }) => progress.done === 16,
    )
    expect(paused).toMatchObject({ state: 'PAUSED', progress: { done: 16, workers: 0 } })
    await calls.change('resumeEvaluation', id)
    await eventually(
      async () => engine.evaluationTasks.length,
      (count) => count === 2,
    )
    await eventually(
      () => calls.read(id),
      ({ progress }) => progress.workers === 1 && progress.running.length === 1,
    )
    expect((await calls.change('cancelEvaluation', id)).evaluation.state).toBe('CANCELLED')
    expect((await calls.change('cancelEvaluation', id)).errors[0].code).toBe('EVALUATION_ENDED')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await rowCount(id)).toBe(16)
    await worker.stop()
    await calls.change('resumeEvaluation', id)
    expect(await calls.run(id)).toMatchObject({ state: 'DONE', progress: { done: 2 * cases } })
  })

  it('retry: only the arms and cases that failed are computed again', async () => {
    const engine = createScriptedEngine()
    const poison = sampleCase(5).id
    const plain = engine.evaluate
    engine.evaluate = async (job) => {
      if (job.task.cases.some((one) => one.id === poison)) engine.script.unshift('crash')
      return plain(job)
    }
    const id = await calls.started()
    expect(await calls.run(id, engine)).toMatchObject({ progress: { done: 40, failed: 2 } })
    const [row] = await api.database.prisma.caseResult.findMany({ where: { kind: 'FAILURE' } })
    await api.database.prisma.caseResult.deleteMany({
      where: { kind: 'FAILURE', armId: { not: row?.armId ?? '' } },
    })
    expect((await calls.change('retryFailedCases', id)).evaluation.state).toBe('QUEUED')
    const healthy = createScriptedEngine()
    expect(await calls.run(id, healthy)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    expect(healthy.evaluationTasks).toHaveLength(1)
    expect(healthy.evaluationTasks[0]?.cases.map((one) => one.id)).toEqual([poison])
    expect((await calls.change('retryFailedCases', id)).errors[0].code).toBe('NOTHING_FAILED')
  })

  it('retry: a batch that failed wholly is that batch again', async () => {
    const id = await calls.started()
    expect(await calls.run(id)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    // The second batch failed for one arm, of the third only one case.
    const [arm] = await api.database.prisma.evaluationArm.findMany({ where: { evaluationId: id } })
    await api.database.prisma.caseResult.updateMany({
      where: { armId: arm?.id ?? '', place: { in: [8, 9, 10, 11, 12, 13, 14, 15, 17] } },
      data: { kind: 'FAILURE' },
    })
    await calls.change('retryFailedCases', id)
    const healthy = createScriptedEngine()
    expect(await calls.run(id, healthy)).toMatchObject({ state: 'DONE', progress: { failed: 0 } })
    const sizes = healthy.evaluationTasks.map((task) => task.cases.length)
    expect(sizes.toSorted((one, other) => one - other)).toEqual([1, 8])
  })

  it('extend: more cases and arms, without computing anything twice', async () => {
    const id = await calls.started({ cases: 10 })
    const first = createScriptedEngine()
    expect(await calls.run(id, first)).toMatchObject({
      state: 'DONE',
      progress: { total: 20, done: 20 },
    })
    const cut = (engine: typeof first) => engine.evaluationTasks.map((task) => task.cases.length)
    expect(cut(first)).toEqual([8, 2])
    const arms = [{ modelId: api.modelId, method: 'no-edit' }]
    const extended = await calls.change('extendEvaluation', id, ', cases: $cases, arms: $arms', {
      ...{ cases, arms },
    })
    expect(extended.evaluation).toMatchObject({ state: 'QUEUED', cases, progress: { total: 60 } })
    const second = createScriptedEngine()
    expect(await calls.run(id, second)).toMatchObject({ state: 'DONE', progress: { done: 60 } })
    expect(cut(second)).toEqual([6, 4, 8, 8, 4])
    for (const [variables, code] of [
      [{ cases: cases + 1 }, 'BAD_ARGUMENT'],
      [{ cases: 1 }, 'BAD_ARGUMENT'],
      [{}, 'BAD_ARGUMENT'],
      [{ arms }, 'ARM_NAME_TAKEN'],
    ] as const) {
      const more = Object.keys(variables).map((name) => `, ${name}: $${name}`)
      expect(
        (await calls.change('extendEvaluation', id, more.join(''), variables)).errors[0].code,
      ).toBe(code)
    }
  })

  it('name, note, priority, a copy, and deletion', async () => {
    const id = await calls.started({ note: 'old' })
    expect((await calls.change('renameEvaluation', id, ', name: "new"')).evaluation).toMatchObject({
      ...{ name: 'new', note: 'old' },
    })
    expect(
      (await calls.change('renameEvaluation', id, ', name: "new", note: ""')).evaluation.note,
    ).toBeNull()
    expect((await calls.change('renameEvaluation', id, ', name: " "')).errors[0].code).toBe(
      'BAD_ARGUMENT',
    )
    expect(
      (await calls.change('setEvaluationPriority', id, ', priority: 7')).evaluation.priority,
    ).toBe(7)
    expect((await calls.start({ clonedFromId: id, seed: 1 })).evaluation.clonedFromId).toBe(id)
    const { data } = await api.graphql(
      'mutation($id: ID!) { deleteEvaluation(id: $id) { deletedId errors { code } } }',
      { id },
    )
    expect(data.deleteEvaluation).toEqual({ deletedId: id, errors: [] })
    expect(await calls.read(id)).toBeNull()
    for (const mutation of [
      'pauseEvaluation',
      'resumeEvaluation',
      'cancelEvaluation',
      'retryFailedCases',
    ])
      expect((await calls.change(mutation, id)).errors[0].code).toBe('EVALUATION_NOT_FOUND')
    const events = await api.database.prisma.auditEvent.findMany({ where: { subject: id } })
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(['start', 'rename', 'priority', 'delete'].map((one) => `evaluation.${one}`)),
    )
  })
})
