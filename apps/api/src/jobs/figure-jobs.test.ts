import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { buildFigure, figureKinds } from '../engine/figure-library.js'
import type { ObservedPrompt } from '../engine/figure-library.js'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import type { SupervisedEngine } from '../engine/supervised-engine.js'
import { writeSampleDataset } from '../testing/sample-evaluation.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { silentLogger } from '../testing/test-database.js'
import { FigureLeaseRepository } from './figure-lease.repository.js'
import type { ClaimedFigures } from './figure-lease.repository.js'

let api: TestApi
let engine: SupervisedEngine
let sliceId: string
let leases: FigureLeaseRepository
const asked: number[] = []
beforeAll(async () => {
  api = await startTestApi()
  leases = new FigureLeaseRepository(api.database, 30)
  const supervised = createSupervisedEngine(api.environment, silentLogger)
  const evaluate: SupervisedEngine['evaluate'] = (job) => {
    asked.push(job.task.cases.length)
    return supervised.evaluate(job)
  }
  engine = { ...supervised, evaluate }
  sliceId = await makeSlice(Array.from({ length: 40 }, (_, place) => place))
})
afterAll(() => api.stop())

async function makeSlice(places: number[], state = 'DONE'): Promise<string> {
  const { database, viewer } = api
  const datasetId = await writeSampleDataset(api)
  const owner = { projectId: viewer.projectId, authorId: viewer.userId, datasetId }
  const data = { ...owner, name: 'prompts', definition: {}, places, digest: datasetId }
  return (await database.prisma.slice.create({ data: { ...data, state: state as 'DONE' } })).id
}

const start = (input: object = {}) =>
  api.services.figureSets.start(api.viewer, { modelId: api.modelId, sliceId, ...input })
const rowOf = (id: string) => api.database.prisma.figureSet.findUniqueOrThrow({ where: { id } })
const observationsOf = (id: string) =>
  api.database.prisma.figureObservation.findMany({
    where: { setId: id },
    orderBy: { place: 'asc' },
  })
const expire = (id: string) =>
  api.database.pool.query(
    `UPDATE figure_set SET lease_until = now() - interval '1 s' WHERE id = $1`,
    [id],
  )
const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)
const skip = (places: number[]) =>
  places.map((place) => ({ place, observation: { caseId: `case-${place}`, skipped: 'a test' } }))

describe('figures with the real engine', () => {
  it('go on where a dead worker stopped, and are those of the engine’s own function', async () => {
    const { id } = await start({ prompts: 12 })
    const dead = (await leases.claim('dead')) as ClaimedFigures
    expect(dead).toMatchObject({ id, prompts: 12, attempt: 1 })
    expect(await leases.nextPrompts(dead, 2)).toMatchObject([{ place: 0 }, { place: 1 }])
    await expire(id)
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const followed = (async () => {
      const seen: { state: string; done: number; version: number }[] = []
      const query = `subscription { figureSetProgress(figureSetId: "${id}") { state done version stage } }`
      for await (const { data } of client.iterate<{ figureSetProgress: (typeof seen)[0] }>({
        query,
      }))
        if (data) seen.push(data.figureSetProgress)
      return seen
    })()
    const worker = await api.startWorker(engine)
    const row = await eventually(() => rowOf(id), isEnded, 150_000)
    expect(row).toMatchObject({ state: 'DONE', done: 12, error: null, leaseOwner: null })
    expect(asked).toEqual([5, 5, 2])
    expect(await leases.storeObserved(dead, skip([20]), {})).toBeNull()
    const stored = await observationsOf(id)
    expect(stored.map(({ place }) => place)).toEqual(Array.from({ length: 12 }, (_, i) => i))
    const observed = stored.map(({ observation }) => observation as unknown as ObservedPrompt)
    const answer = await api.graphql(
      `query($id: ID!) { figureSet(id: $id) { name prompts skipped secondsLeft receipt model { id } slice { id name }
        figures { kind ready done number } ${figureKinds
          .filter(({ kind }) => kind !== 'smallest-step')
          .map(({ kind }) => `${kind.replaceAll('-', '_')}: figure(kind: "${kind}") { done data }`)
          .join(' ')} none: figure(kind: "smallest-step") { kind } } }`,
      { id },
    )
    expect(answer.errors).toBeUndefined()
    const set = answer.data.figureSet
    expect(set).toMatchObject({
      prompts: 12,
      skipped: 0,
      none: null,
      model: { id: api.modelId },
      slice: { id: sliceId },
    })
    expect(set.receipt).toMatchObject({ provider: 'cpu', seed: 0 })
    expect(set.figures).toHaveLength(figureKinds.length - 1)
    for (const { kind, ready, done } of set.figures) {
      expect({ kind, ready, done }).toEqual({ kind, ready: true, done: 12 })
      const reference = JSON.parse(JSON.stringify(buildFigure(kind, observed, { seed: 0 })))
      expect(set[kind.replaceAll('-', '_')]).toEqual({ done: 12, data: reference })
    }
    const seen = await followed
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', done: 12 })
    expect(seen.map(({ version }) => version)).toEqual(
      seen.map(({ version }) => version).toSorted((a, b) => a - b),
    )
    expect((await start({ prompts: 12 })).id).toBe(id)
    expect(asked).toEqual([5, 5, 2])
    await client.dispose()
    await worker.stop()
  }, 180_000)
})

describe('figures', () => {
  it('that fail say why, and go on with what is there when they are tried again', async () => {
    const { id } = await start({ prompts: 7 })
    const first = (await leases.claim('first')) as ClaimedFigures
    expect(await leases.storeObserved(first, skip([0, 1, 2]), {})).toBe(3)
    expect(await leases.storeObserved(first, skip([2]), {})).toBe(3)
    await leases.release(first)
    const scripted = createScriptedEngine()
    const tasks: number[] = []
    const observing = {
      ...scripted,
      evaluate: async (job: { task: { cases: readonly { id: string }[] } }) => {
        tasks.push(job.task.cases.length)
        if (scripted.script.shift() === 'refuse') throw new Error('broken')
        const observations = job.task.cases.map((one) => ({ caseId: one.id, skipped: 'a test' }))
        return { observations, receipt: {} }
      },
    } as unknown as SupervisedEngine
    scripted.script.push('refuse', 'refuse')
    const worker = await api.startWorker(observing)
    const failed = await eventually(() => rowOf(id), isEnded)
    expect(failed).toMatchObject({ state: 'FAILED', done: 3, error: { code: 'UNEXPECTED' } })
    await api.services.figureSets.retry(api.viewer, id)
    expect(await eventually(() => rowOf(id), isEnded)).toMatchObject({ state: 'DONE', done: 7 })
    expect(tasks).toEqual([4, 4, 4])
    expect(await api.services.figureSets.skipped(id)).toBe(7)
    await worker.stop()
  })

  it('are lost by a worker whose lease ran out, and fail after the second', async () => {
    const { id } = await start({ prompts: 8 })
    for (const owner of ['one', 'two']) {
      expect((await leases.claim(owner))?.id).toBe(id)
      await expire(id)
    }
    expect(await leases.claim('three')).toBeNull()
    expect(await rowOf(id)).toMatchObject({ state: 'FAILED', error: { code: 'WORKER_LOST' } })
  })

  it('can be cancelled and deleted; their worker then writes nothing', async () => {
    const { id } = await start({ prompts: 9 })
    const claimed = (await leases.claim('worker')) as ClaimedFigures
    await api.services.figureSets.cancel(api.viewer, id)
    expect(await leases.holds(claimed)).toBe(false)
    expect(await leases.storeObserved(claimed, skip([0]), {})).toBeNull()
    expect(await leases.storeFigures(claimed, [{ kind: 'x', figure: '{}' }], 1)).toBe(false)
    const cancel = `mutation($id: ID!) { cancelFigures(id: $id) { errors { code field } } }`
    const again = await api.graphql(cancel, { id })
    expect(again.data.cancelFigures.errors).toMatchObject([{ code: 'FIGURES_ENDED', field: 'id' }])
    const remove = `mutation($id: ID!) { deleteFigures(id: $id) { deletedId errors { code } } }`
    expect((await api.graphql(remove, { id })).data.deleteFigures.deletedId).toBe(id)
    expect((await api.graphql(remove, { id })).data.deleteFigures.errors).toHaveLength(1)
  })

  it('need a slice with cases and a sensible number of prompts', async () => {
    const waiting = await makeSlice([], 'QUEUED')
    const wrong: [object, string][] = [
      [{ sliceId: waiting }, 'SLICE_NOT_READY'],
      [{ sliceId: 'nonsense' }, 'SLICE_NOT_FOUND'],
      [{ modelId: 'nonsense' }, 'MODEL_NOT_FOUND'],
      [{ prompts: 0 }, 'BAD_ARGUMENT'],
    ]
    for (const [input, code] of wrong) await expect(start(input)).rejects.toMatchObject({ code })
    expect(await start({ prompts: 5_000 })).toMatchObject({ prompts: 40, state: 'QUEUED' })
    const { data } = await api.graphql(
      `{ figureSets(first: 2) { totalCount edges { node { id author figures { ready } } } } figureKinds { kind } }`,
    )
    expect(data.figureSets.totalCount).toBeGreaterThan(1)
    expect(data.figureKinds).toHaveLength(figureKinds.length)
  })
})
