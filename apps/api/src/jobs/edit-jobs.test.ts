import { createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { sampleAnswers, sampleEdit } from '../engine/testing/sample-edit.js'
import type { EditQuestion } from '../features/edit/task-input.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { EditLeaseRepository } from './edit-lease.repository.js'
import type { ClaimedEditTask } from './edit-lease.repository.js'
import { EditResultRepository } from './edit-result.repository.js'

let api: TestApi
let leases: EditLeaseRepository
let results: EditResultRepository
beforeAll(async () => {
  api = await startTestApi()
  leases = new EditLeaseRepository(api.database, 30)
  results = new EditResultRepository(api.database)
})
afterAll(() => api.stop())
afterEach(async () => {
  await api.database.prisma.editTask.deleteMany()
  await api.database.prisma.edit.deleteMany()
})

const requests = [{ prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }]
const wanted = (method = 'forward-shift') => ({ modelId: api.modelId, method, requests })
const queueEdit = async () => (await api.services.edits.create(api.viewer, wanted())).id
const tryOut = async (prompt: string, modelId = api.modelId) =>
  (await api.services.editTasks.try(api.viewer, { modelId, editIds: [], prompt })).id
const taskOf = (editId: string) =>
  api.database.prisma.editTask.findUniqueOrThrow({ where: { editId } })
const rowOf = (id: string) => api.database.prisma.editTask.findUniqueOrThrow({ where: { id } })
const expire = (id: string) =>
  api.database.pool.query(
    `UPDATE edit_task SET lease_until = now() - interval '1 s' WHERE id = $1`,
    [id],
  )
const claim = async (owner: string) => (await leases.claim(owner)) as ClaimedEditTask
const answer = sampleAnswers['compute-edit']({ method: 'rome', requests } as never)
const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)

describe('leases of tasks about edits', () => {
  it('go to what a reader waits for first, then by age, each to one worker', async () => {
    const old = (await taskOf(await queueEdit())).id
    const next = (await taskOf(await queueEdit())).id
    const trial = await tryOut('a')
    const claims = await Promise.all([1, 2, 3, 4].map((worker) => leases.claim(`${worker}`)))
    const claimed = claims.flatMap((one) => one?.id ?? [])
    expect(claimed.sort()).toEqual([old, next, trial].sort())
    await api.database.prisma.editTask.updateMany({ data: { state: 'QUEUED' } })
    const order = [await claim('a'), await claim('b'), await claim('c')]
    expect(order.map(({ id }) => id)).toEqual([trial, old, next])
  })

  it('fence out a worker that was presumed dead: it writes nothing, its successor does', async () => {
    const editId = await queueEdit()
    const zombie = await claim('zombie')
    await expire(zombie.id)
    const successor = await claim('successor')
    expect(successor).toMatchObject({ id: zombie.id, attempt: 2, editId })
    const step = { stage: 'late', done: 1, total: 2, losses: [1] }
    expect(await leases.setProgress(zombie, step)).toBe(false)
    expect(await leases.renew(zombie)).toBe(false)
    expect(await results.storeEdit(zombie, answer)).toBe(false)
    expect(await api.database.prisma.editDelta.count()).toBe(0)
    expect(await results.storeEdit(successor, answer)).toBe(true)
    expect(await results.storeEdit(successor, answer)).toBe(false)
    expect(await taskOf(editId)).toMatchObject({ state: 'DONE', attempt: 2, leaseOwner: null })
    const [stored] = await api.services.editContents.load([editId])
    expect(stored).toEqual(sampleEdit({ method: 'rome', requests }))
  })

  it('end when the edit is deleted', async () => {
    const editId = await queueEdit()
    const claimed = await claim('worker')
    await api.services.edits.remove(api.viewer, editId)
    expect(await leases.holds(claimed)).toBe(false)
    expect(await results.storeEdit(claimed, answer)).toBe(false)
  })

  it('fail a task whose second worker is lost too', async () => {
    const editId = await queueEdit()
    for (const owner of ['first', 'second']) await expire((await claim(owner)).id)
    expect(await leases.claim('third')).toBeNull()
    expect(await leases.failExhausted()).toBe(1)
    expect(await taskOf(editId)).toMatchObject({ state: 'FAILED', error: { code: 'WORKER_LOST' } })
  })

  it('answers are forgotten after a day, saved edits are not', async () => {
    const editId = await queueEdit()
    const trial = await tryOut('a')
    await api.database.pool.query(
      `UPDATE edit_task SET state = 'DONE', finished_at = now() - interval '25 h'`,
    )
    expect(await leases.removeExpired()).toBe(1)
    expect(await api.services.editTasks.get(api.viewer, trial)).toBeNull()
    expect((await taskOf(editId)).state).toBe('DONE')
  })
})

describe('a worker', () => {
  it('tries again after a crash, gives its task back when it stops, and answers equal questions once', async () => {
    const engine = createScriptedEngine()
    const worker = await api.startWorker(engine)
    engine.script.push('crash', 'answer')
    const editId = await queueEdit()
    const row = await eventually(() => taskOf(editId), isEnded)
    expect(row).toMatchObject({ state: 'DONE', attempt: 2, losses: [3] })
    expect(row.error).toMatchObject({ code: 'ENGINE_CRASHED', retried: true })
    const first = await tryOut('same')
    await eventually(() => rowOf(first), isEnded)
    expect(await tryOut('same')).toBe(first)
    expect(engine.editTasks.map(({ kind }) => kind)).toEqual([
      'compute-edit',
      'compute-edit',
      'try-edits',
    ])
    engine.script.push('hang')
    const hanging = await tryOut('hangs')
    await eventually(
      () => rowOf(hanging),
      ({ stage }) => stage === 'optimising the value',
    )
    await worker.stop()
    expect(await rowOf(hanging)).toMatchObject({ state: 'QUEUED', attempt: 0 })
  })

  it('says why a task failed, and an edit that is gone fails what was asked about it', async () => {
    const engine = createScriptedEngine()
    engine.script.push('refuse')
    const worker = await api.startWorker(engine)
    const editId = await queueEdit()
    expect(await eventually(() => taskOf(editId), isEnded)).toMatchObject({
      state: 'FAILED',
      error: { code: 'NOT_FINITE', retried: false },
    })
    await worker.stop()
    const below = await queueEdit()
    await results.storeEdit(await claim('test'), answer)
    const { id } = await api.services.editTasks.try(api.viewer, {
      ...{ modelId: api.modelId, editIds: [below], prompt: 'a' },
    })
    await api.services.edits.remove(api.viewer, below)
    const other = await api.startWorker(engine)
    expect((await eventually(() => rowOf(id), isEnded)).error).toMatchObject({
      code: 'EDIT_INVALID',
    })
    await other.stop()
  })
})

describe('progress over a real socket', () => {
  it('begins with a snapshot, grows, resumes, and ends with the answer', async () => {
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const query = `subscription($id: ID!, $v: Int) { editTaskProgress(taskId: $id, afterVersion: $v) {
      state stage version losses loss queuePosition effect { prompts { prompt } } } }`
    interface Progress {
      readonly state: string
      readonly version: number
    }
    const follow = async (id: string, v?: number) => {
      const seen: Progress[] = []
      const stream = client.iterate<{ editTaskProgress: Progress }>({
        query,
        variables: { id, v: v ?? null },
      })
      for await (const { data, errors } of stream) {
        expect(errors).toBeUndefined()
        if (data) seen.push(data.editTaskProgress)
      }
      return seen
    }
    const id = await tryOut('watched')
    const watched = follow(id)
    const worker = await api.startWorker(createScriptedEngine())
    const seen = await watched
    expect(seen.map(({ version }) => version)).toEqual(
      seen.map(({ version }) => version).toSorted((a, b) => a - b),
    )
    expect(seen.at(-1)).toMatchObject({
      ...{ state: 'DONE', losses: [3], loss: 3, queuePosition: null },
      effect: { prompts: [{ prompt: 'watched' }] },
    })
    expect(await follow(id, (seen.at(-1)?.version ?? 0) - 1)).toEqual([seen.at(-1)])
    expect(await follow(id, seen.at(-1)?.version)).toEqual([])
    expect(await follow('nonsense')).toEqual([])
    const refused = await new Promise((resolve) =>
      client.subscribe(
        {
          query: `subscription { editTaskProgress(taskId: "x") { ${'preview { current { top { id } } } '.repeat(300)} } }`,
        },
        { next: resolve, error: resolve, complete: () => resolve('complete') },
      ),
    )
    expect(refused).toMatchObject([{ message: expect.stringContaining('token') }])
    await worker.stop()
    await client.dispose()
  })

  it('a task keeps the whole question', async () => {
    const editId = await queueEdit()
    const input = (await taskOf(editId)).input as unknown as EditQuestion
    expect(input).toMatchObject({ method: 'forward-shift', seed: 0, onTopOf: [] })
    expect(input.requests[0]?.target).toBe(' Rome')
  })
})
