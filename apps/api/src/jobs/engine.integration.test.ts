import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import type { SupervisedEngine } from '../engine/supervised-engine.js'
import { writeTinyModel } from '../engine/testing/tiny-model.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import type { MatrixNameKey } from '../vocabulary/names.js'
import { silentLogger } from '../testing/test-database.js'

/** Large enough that a run takes a while on any machine, so that it can be met in the middle. */
const slowSize = { layers: 12, width: 192, heads: 4, vocabularySize: 257, contextLength: 256 }

let api: TestApi
let engine: SupervisedEngine
let slowModelId: string
beforeAll(async () => {
  api = await startTestApi()
  const { environment, services, viewer } = api
  slowModelId = (
    await services.models.register(
      viewer,
      writeTinyModel(environment.home, slowSize, 'slow-bytes'),
      false,
    )
  ).id
  engine = createSupervisedEngine(environment, silentLogger)
  await api.startWorker(engine)
  await engine.start()
}, 120_000)
afterAll(() => api.stop())

const queueRun = async (modelId: string, promptText: string, matrices?: MatrixNameKey[]) =>
  (
    await api.services.lensRuns.create(api.viewer, {
      modelId,
      promptText,
      targetText: 'd',
      matrices: matrices ?? null,
    })
  ).id
const queueSlowRun = (letter: string) => queueRun(slowModelId, letter.repeat(220), ['MLP_DOWN'])
const rowOf = (id: string) => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })
const reachComputing = (id: string) =>
  eventually(
    () => rowOf(id),
    ({ stage }) => stage === 'COMPUTING',
    60_000,
  )

describe('with the real engine', () => {
  it('a run is computed, stored and checked', async () => {
    const id = await queueRun(api.modelId, 'The capital')
    const row = await eventually(
      () => rowOf(id),
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
      60_000,
    )
    expect(row).toMatchObject({ state: 'DONE', attempt: 1, error: null, promptLength: 11 })
    const fields = `gradientCheck { relativeError } receipt tokens { text } grid(matrix: MLP_DOWN) { layers positions norm }
      cell(layer: 0, position: 10, matrix: MLP_DOWN) { top { text probability } } imprint(layer: 1, position: 3) { own { neuron } }`
    const { data } = await api.graphql(`query($id: ID!) { lensRun(id: $id) { ${fields} } }`, { id })
    const run = data.lensRun
    expect(run.tokens.map((token: { text: string }) => token.text).join('')).toBe('The capital')
    expect(run.grid).toMatchObject({ layers: 2, positions: 11 })
    expect(run.cell.top).toHaveLength(10)
    expect(run.imprint[0].own.length).toBeGreaterThan(0)
    expect(run.receipt).toMatchObject({
      provider: 'cpu',
      weightsDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    for (const { relativeError } of run.gradientCheck) expect(relativeError).toBeLessThan(0.05)
  })

  it('vectors are recomputed once and then come from the cache', async () => {
    const id = await queueRun(api.modelId, 'vectors')
    const get = async () =>
      new Uint8Array(
        await (await fetch(`${api.url}/api/runs/${id}/vectors.safetensors`)).arrayBuffer(),
      )
    const first = await get()
    const headerLength = Number(new DataView(first.buffer).getBigUint64(0, true))
    const header = JSON.parse(
      Buffer.from(first.subarray(8, 8 + headerLength)).toString(),
    ) as Record<string, { shape: number[] }>
    expect(header['layers.1.mlp.down.vjp']?.shape).toEqual([7, 16])
    expect(header['layers.0.attention.query.input']?.shape).toEqual([7, 16])
    expect(Object.keys(header).filter((name) => name !== '__metadata__')).toHaveLength(2 * 6 * 2)
    expect(await get()).toEqual(first)
    const row = await api.database.prisma.vectorFile.findFirstOrThrow()
    expect(row).toMatchObject({ state: 'READY', attempt: 1, bytes: BigInt(first.length) })
  })

  it('kill -9 of the engine in mid-run: the run is tried again and says so', async () => {
    const id = await queueSlowRun('x')
    await reachComputing(id)
    process.kill(engine.processId() as number, 'SIGKILL')
    const row = await eventually(
      () => rowOf(id),
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
      120_000,
    )
    expect(row).toMatchObject({
      state: 'DONE',
      attempt: 2,
      error: { code: 'ENGINE_CRASHED', attempt: 1, retried: true },
    })
    expect(await api.database.prisma.projection.count({ where: { runId: id } })).toBe(
      slowSize.layers,
    )
  }, 180_000)

  it('cancel ends the computation within two seconds, and the next run works', async () => {
    const id = await queueSlowRun('y')
    await reachComputing(id)
    const before = engine.processId() as number
    const started = Date.now()
    await api.services.lensRuns.cancel(api.viewer, id)
    await eventually(
      async () => isAlive(before),
      (alive) => !alive,
    )
    expect(Date.now() - started).toBeLessThan(2_000)
    const next = await queueRun(api.modelId, 'after')
    await eventually(
      () => rowOf(next),
      ({ state }) => state === 'DONE',
      60_000,
    )
    expect(await rowOf(id)).toMatchObject({ state: 'CANCELLED', leaseOwner: null })
  }, 120_000)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
