import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineHost } from '../../engine/engine-host.js'
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const runFields =
  'id provider state configDigest device { provider name reason } block { pass layer layers secondsLeft }'

async function create(input: object) {
  const { data } = await api.graphql(
    `mutation($input: CreateLensRunInput!) { createLensRun(input: $input) {
      run { ${runFields} } errors { code message field cure } } }`,
    { input: { modelId: api.modelId, promptText: 'The capital', targetText: 'Rome', ...input } },
  )
  return data.createLensRun
}
const read = async (id: string) =>
  (await api.graphql(`query($id: ID!) { lensRun(id: $id) { ${runFields} } }`, { id })).data.lensRun
const devices = async () =>
  (await api.graphql('{ server { devices { machine provider state name reason automatic } } }'))
    .data.server.devices

describe('a run asked for on a device', () => {
  it('keeps it, and it is part of the question', async () => {
    const [automatic, again, cpu] = await Promise.all([
      create({}),
      create({ provider: 'AUTO' }),
      create({ provider: 'CPU' }),
    ])
    expect([automatic.run.provider, again.run.provider, cpu.run.provider]).toEqual([
      ...['AUTO', 'AUTO', 'CPU'],
    ])
    expect(again.run.configDigest).toBe(automatic.run.configDigest)
    expect(cpu.run.configDigest).not.toBe(automatic.run.configDigest)
  })

  it('waits when no worker has said what it has', async () => {
    expect(await devices()).toEqual([])
    expect(await create({ provider: 'CUDA' })).toMatchObject({ errors: [], run: { device: null } })
  })
})

describe('with a worker', () => {
  const engine = createScriptedEngine()
  beforeAll(async () => {
    await api.database.prisma.lensRun.deleteMany()
    await api.startWorker(engine)
    await eventually(devices, (found) => found.length > 0)
  })

  it('the server lists what its machine offers and why the rest cannot be used', async () => {
    expect(await devices()).toMatchObject([
      { provider: 'CUDA', state: 'REFUSED', name: null, reason: 'no GPU on this machine' },
      { provider: 'WEBGPU', state: 'SOFTWARE', name: 'llvmpipe', automatic: false },
      { provider: 'CPU', state: 'USABLE', name: 'Test processor', reason: null, automatic: true },
    ])
  })

  it('a run is computed where it was asked for, and its device is read from the receipt', async () => {
    const { run } = await create({ provider: 'WEBGPU' })
    const done = await eventually(
      () => read(run.id),
      ({ state }) => state === 'DONE',
    )
    expect(engine.jobs.at(-1)?.provider).toBe('webgpu')
    expect(done.device).toEqual({ provider: 'cpu', name: 'Test processor', reason: 'auto: cpu' })
  })

  it('a device that no worker has is refused with its reason, and nothing is written', async () => {
    const before = await api.database.prisma.lensRun.count()
    const { run, errors } = await create({ provider: 'CUDA' })
    expect(run).toBeNull()
    expect(errors).toMatchObject([
      {
        code: 'PROVIDER_UNAVAILABLE',
        field: 'provider',
        message: 'No worker can compute on cuda: no GPU on this machine.',
      },
    ])
    expect(await api.database.prisma.lensRun.count()).toBe(before)
  })
})

describe('a run that goes block by block', () => {
  /** Stays at the second of four blocks until it is told to go on. */
  function pausingEngine(): EngineHost & { readonly goOn: () => void } {
    let goOn: () => void = () => undefined
    const released = new Promise<void>((resolve) => (goOn = resolve))
    const inner = createScriptedEngine()
    return {
      ...inner,
      goOn: () => goOn(),
      run: async (job) => {
        job.onStage('loading')
        job.onStage('computing', { pass: 'forward', layer: 0, layers: 4, remaining: null })
        job.onStage('computing', { pass: 'forward', layer: 1, layers: 4, remaining: 8_000 })
        await released
        return inner.run(job)
      },
      devices: () =>
        Promise.reject(new LensEngineError('ENGINE_CRASHED', 'not found', { cure: 'None.' })),
    }
  }

  it('says which block it is at, and forgets it afterwards', async () => {
    const other = await startTestApi()
    const engine = pausingEngine()
    try {
      await other.startWorker(engine)
      const { id } = await other.services.lensRuns.create(other.viewer, {
        modelId: other.modelId,
        promptText: 'The capital',
        targetText: 'Rome',
      })
      const snapshot = () => other.services.progress.snapshot(other.viewer, id)
      const paused = await eventually(snapshot, (now) => now?.block?.layer === 1)
      expect(paused).toMatchObject({
        stage: 'COMPUTING',
        block: { pass: 'FORWARD', layer: 1, layers: 4, secondsLeft: 8 },
      })
      engine.goOn()
      expect(await eventually(snapshot, (now) => now?.state === 'DONE')).toMatchObject({
        block: null,
      })
    } finally {
      engine.goOn()
      await other.stop()
    }
  })
})
