import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import type { SupervisedEngine } from '../engine/supervised-engine.js'
import type { Edit } from '../engine/engine-vocabulary.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { silentLogger } from '../testing/test-database.js'
import { addStranger, addViewer } from '../testing/test-team.js'
import type { Viewer } from '../features/account/viewer.js'
import { InterferenceLeaseRepository } from './interference-lease.repository.js'
import type { ClaimedInterference } from './interference-lease.repository.js'

let api: TestApi
let engine: SupervisedEngine
let bea: Viewer
let leases: InterferenceLeaseRepository
let editIds: string[]
const facts = [
  { prompt: 'Home of {}:', subject: 'Ann', target: 'x' },
  { prompt: 'Home of {}:', subject: 'Bob', target: 'y' },
  { prompt: 'Home of {}:', subject: 'Ann', target: 'z' },
]
const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)
beforeAll(async () => {
  api = await startTestApi()
  bea = await addViewer(api, 'researcher', 'bea')
  leases = new InterferenceLeaseRepository(api.database, 30)
  engine = createEngine()
  const worker = await api.startWorker(engine)
  editIds = []
  for (const request of facts) editIds.push(await makeEdit(request))
  await worker.stop()
}, 120_000)
afterAll(() => api.stop())

/** A worker that stops closes its engine. */
const createEngine = (): SupervisedEngine =>
  createSupervisedEngine({ ...api.environment, provider: 'cpu' }, silentLogger)

async function makeEdit(request: (typeof facts)[number]): Promise<string> {
  const hyperparameters = { learningRate: 20 }
  const { id } = await api.services.edits.create(api.viewer, {
    ...{ modelId: api.modelId, method: 'forward-shift', requests: [request], hyperparameters },
  })
  const taskOf = () => api.database.prisma.editTask.findUniqueOrThrow({ where: { editId: id } })
  expect(await eventually(taskOf, isEnded, 60_000)).toMatchObject({ state: 'DONE' })
  return id
}
const approve = async (subjectId: string) => {
  const { reviews } = api.services
  const { id } = await reviews.request(api.viewer, { subjectKind: 'EDIT', subjectId })
  await reviews.decide(bea, { id, version: 1, decision: 'APPROVE' })
  return id
}
const rowOf = (id: string) =>
  api.database.prisma.interferenceMap.findUniqueOrThrow({ where: { id } })
const ask = async (modelId = api.modelId) =>
  (
    await api.graphql(
      `mutation($id: ID!) { mapInterference(modelId: $id) { interferenceMap { id state } errors { code field } } }`,
      { id: modelId },
    )
  ).data.mapInterference
const newest = async () =>
  (
    await api.graphql(
      `query($id: ID!) { interferenceMap(modelId: $id) { id state stage stale keyOverlap editIds edits { id name }
        effect { first second alone together firstHolds } error { code } } }`,
      { id: api.modelId },
    )
  ).data.interferenceMap
const expire = (id: string) =>
  api.database.pool.query(
    `UPDATE interference_map SET lease_until = now() - interval '1 s' WHERE id = $1`,
    [id],
  )

describe('a map of interference', () => {
  it('needs two approved edits of a model of the project', async () => {
    expect(await newest()).toBeNull()
    expect((await ask()).errors).toEqual([{ code: 'INTERFERENCE_EDITS', field: 'modelId' }])
    await approve(editIds[0]!)
    expect((await ask()).errors[0].code).toBe('INTERFERENCE_EDITS')
    expect((await ask('nonsense')).errors[0].code).toBe('MODEL_NOT_FOUND')
    await approve(editIds[1]!)
    const stranger = await addStranger(api)
    await expect(api.services.interference.map(stranger, api.modelId)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    })
  })

  it('is one for each question, ten at a time; it is fenced, cancelled and tried again', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => ask()))
    const { id } = asked[0].interferenceMap
    expect(new Set(asked.map((one) => one.interferenceMap.id)).size).toBe(1)
    const dead = (await leases.claim('dead')) as ClaimedInterference
    expect(dead).toMatchObject({ id, attempt: 1, editIds: editIds.slice(0, 2) })
    await expire(id)
    const next = (await leases.claim('next')) as ClaimedInterference
    expect(await leases.finish(dead, {})).toBe(false)
    expect(await leases.setProgress(next, { stage: 'measuring pairs', done: 1, total: 4 })).toBe(true) // prettier-ignore
    const stranger = await addStranger(api)
    await expect(api.services.interference.cancel(stranger, id)).rejects.toMatchObject({
      code: 'INTERFERENCE_NOT_FOUND',
    })
    await api.services.interference.cancel(api.viewer, id)
    expect(await leases.finish(next, {})).toBe(false)
    await expect(api.services.interference.cancel(api.viewer, id)).rejects.toMatchObject({
      code: 'INTERFERENCE_ENDED',
    })
    expect((await ask()).interferenceMap).toEqual({ id, state: 'QUEUED' })
    for (const owner of ['one', 'two']) {
      expect((await leases.claim(owner))?.id).toBe(id)
      await expire(id)
    }
    expect(await leases.claim('three')).toBeNull()
    expect(await rowOf(id)).toMatchObject({ state: 'FAILED', error: { code: 'WORKER_LOST' } })
  })

  it('says why it failed, and is watched to its end with a scripted engine', async () => {
    const scripted = createScriptedEngine()
    scripted.script.push('refuse', 'crash', 'answer')
    const worker = await api.startWorker(scripted)
    const { id } = (await ask()).interferenceMap
    expect(await eventually(() => rowOf(id), isEnded)).toMatchObject({
      state: 'FAILED',
      error: { code: 'NOT_FINITE', retried: false },
    })
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    await ask()
    const states: string[] = []
    type Data = { interferenceProgress: { state: string } }
    const query = `subscription { interferenceProgress(id: "${id}") { state stage done total } }`
    for await (const { data } of client.iterate<Data>({ query }))
      if (data) states.push(data.interferenceProgress.state)
    expect(states.at(-1)).toBe('DONE')
    expect(await newest()).toMatchObject({
      ...{ id, state: 'DONE', stale: false, editIds: editIds.slice(0, 2) },
      keyOverlap: [
        [1, 0.25],
        [0.25, 1],
      ],
      effect: [
        { first: editIds[0], second: editIds[1], alone: 0.75, together: 0.5, firstHolds: true },
        { first: editIds[1], second: editIds[0], alone: 0.75, together: 0.5, firstHolds: false },
      ],
    })
    await client.dispose()
    await worker.stop()
    expect((await ask()).interferenceMap).toEqual({ id, state: 'DONE' })
  })

  it('is stale when another edit is approved, and has the numbers of the edits applied one by one', async () => {
    const reviewId = await approve(editIds[2]!)
    expect((await newest()).stale).toBe(true)
    const third = editIds[2]!
    await api.services.editStacks.set(api.viewer, api.modelId, [third], null)
    const order = [third, editIds[0]!, editIds[1]!]
    engine = createEngine()
    const worker = await api.startWorker(engine)
    const { id } = (await ask()).interferenceMap
    expect(await eventually(() => rowOf(id), isEnded, 60_000)).toMatchObject({ state: 'DONE' })
    const map = await newest()
    expect(map).toMatchObject({ id, stale: false, editIds: order })
    const edits = (await api.services.editContents.load(order)) as Edit[]
    expect(map.effect).toHaveLength(6)
    for (const pair of map.effect) {
      const [first, second] = [order.indexOf(pair.first), order.indexOf(pair.second)]
      const alone = await applied([edits[first]!], edits[first]!)
      const both = await applied([edits[first]!, edits[second]!], edits[first]!)
      expect(pair.alone).toBeCloseTo(alone.targetProbability!, 6)
      expect(pair.together).toBeCloseTo(both.targetProbability!, 6)
      expect(pair.firstHolds).toBe(both.argmaxIsTarget)
    }
    const keys = edits.map(({ deltas: [delta] }) => (delta as { u: Float32Array }).u)
    keys.forEach((one, row) =>
      keys.forEach((other, column) =>
        expect(map.keyOverlap[row][column]).toBeCloseTo(cosine(one, other), 5),
      ),
    )
    await worker.stop()
    await api.services.reviews.withdraw(api.viewer, { id: reviewId, version: 2 })
    expect((await newest()).stale).toBe(true)
  }, 120_000)
})

/** What the engine says next with edits applied, by the task that pages use to try them out. */
async function applied(edits: Edit[], { requests: [request] }: Edit) {
  const { prompt, subject, target } = request!
  const { directory } = await api.database.prisma.model.findUniqueOrThrow({
    where: { id: api.modelId },
  })
  const task = {
    ...{ kind: 'try-edits' as const, model: directory, edits, target },
    prompt: prompt.replace('{}', subject!),
  }
  const signal = new AbortController().signal
  const { effect } = await engine.edit({ task, signal, onProgress: () => undefined })
  return effect.prompts[0]!.after
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, one, i) => sum + one * y[i]!, 0)
  return Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b))
}
