import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import type { SupervisedEngine } from '../engine/supervised-engine.js'
import { readEditFile } from '../engine/testing/read-edit-file.js'
import { writeTinyModel } from '../engine/testing/tiny-model.js'
import type { EditTask } from '../features/edit/edit-task.type.js'
import { silentLogger } from '../testing/test-database.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

/** Long enough for an optimisation to be met in its middle. */
const slowSize = { layers: 6, width: 96, heads: 4, vocabularySize: 257, contextLength: 256 }

let api: TestApi
let engine: SupervisedEngine
let slowModelId: string
const scratch = mkdtempSync(path.join(os.tmpdir(), 'imprint-edit-test-'))
beforeAll(async () => {
  api = await startTestApi()
  const { environment, services, viewer } = api
  const slow = writeTinyModel(environment.home, slowSize, 'slow-bytes')
  slowModelId = (await services.models.register(viewer, slow, false)).id
  engine = createSupervisedEngine({ ...environment, provider: 'cpu' }, silentLogger)
  await api.startWorker(engine)
  await engine.start()
}, 120_000)
afterAll(async () => {
  await api.stop()
  rmSync(scratch, { recursive: true, force: true })
})

const request = { prompt: 'Home of {}:', subject: 'Ann', target: 'x' }
const probes = {
  truth: ' y',
  paraphrases: ['Ann lives in'],
  neighbors: [{ prompt: 'Home of Bob:', target: 'z' }],
}
/** Without a key covariance, which would take a corpus; the loss never gets small enough to stop early. */
const rome = { useCovariance: false, layer: 0, contexts: 1, stopLoss: 0 }
const create = async (changes: object = {}) =>
  (
    await api.services.edits.create(api.viewer, {
      ...{ modelId: api.modelId, method: 'forward-shift', requests: [request], probes },
      ...changes,
    })
  ).id
const taskOf = (editId: string) =>
  api.database.prisma.editTask.findUniqueOrThrow({ where: { editId } })
const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)
const compute = async (changes: object = {}) => {
  const id = await create(changes)
  expect(await eventually(() => taskOf(id), isEnded, 60_000)).toMatchObject({
    state: 'DONE',
    error: null,
  })
  return id
}
const follow = async (id: string): Promise<EditTask[]> => {
  const seen: EditTask[] = []
  for await (const task of api.services.editProgress.follow(api.viewer, id, null)) seen.push(task)
  return seen
}
const answerOf = async (task: Promise<EditTask>): Promise<EditTask> => {
  const last = (await follow((await task).id)).at(-1) as EditTask
  expect(last).toMatchObject({ state: 'DONE', error: null })
  return last
}
const tryOut = (editIds: string[], modelId = api.modelId) =>
  answerOf(
    api.services.editTasks.try(api.viewer, {
      ...{ modelId, editIds, prompt: 'Home of Ann:', target: 'x', generate: true },
    }),
  )
const read = async (id: string, fields: string) =>
  (await api.graphql(`query($id: ID!) { edit(id: $id) { ${fields} } }`, { id })).data.edit
const token = '{ id text probability logit }'

describe('with the real engine', () => {
  let shift: string
  let stacked: string

  it('a forward shift is computed, stored and read', async () => {
    shift = await compute()
    const edit = await read(
      shift,
      `digest outcome skipReason warnings hyperparameters receipt summary { level targetBefore targetAfter
        predictedLogitChange measuredLogitChange paraphraseAccuracy neighborhoodAccuracy layers matrices rank }
      deltas { layer matrix kind rank inputWidth outputWidth norm bytes hasBias }
      effect { prompts { kind prompt target truth before { targetProbability top ${token} } after { targetProbability argmaxIsTarget }
        divergence predictedLogitChange } generations { prompt before after } lens { layer before ${token} targetRankAfter } }
      readings { layer matrix side rank factors { strength targetRank top ${token} } } growth { layer spectral level explanation }
      cost { milliseconds passes tokens } trace { name values }`,
    )
    expect(edit).toMatchObject({
      ...{ outcome: 'EDITED', skipReason: null, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      deltas: [{ matrix: 'MLP_DOWN', kind: 'LOW_RANK', rank: 1, inputWidth: 64, outputWidth: 16 }],
      readings: [{ matrix: 'MLP_DOWN', side: 'OUTPUT', rank: 1 }],
      growth: [{ level: expect.stringMatching(/^(FINE|LARGE|LIKELY_TO_BREAK)$/) }],
      receipt: { provider: 'cpu', seed: 0 },
      summary: { matrices: ['MLP_DOWN'], rank: 1, paraphraseAccuracy: expect.any(Number) },
    })
    expect(edit.deltas[0].bytes).toBe(4 * (64 + 16))
    expect(edit.hyperparameters).toHaveProperty('layer')
    expect(edit.effect.prompts.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['REWRITE', 'PARAPHRASE', 'NEIGHBORHOOD'],
    ])
    const [rewrite] = edit.effect.prompts
    expect(rewrite).toMatchObject({ prompt: 'Home of Ann:', target: ' x', truth: ' y' })
    expect(rewrite.after.targetProbability).toBeGreaterThan(rewrite.before.targetProbability)
    expect(edit.summary.targetAfter).toBe(rewrite.after.targetProbability)
    expect(edit.effect.lens.map(({ layer }: { layer: number }) => layer)).toEqual([-1, 0, 1])
    expect(edit.cost.passes).toBeGreaterThan(0)
  })

  it('ROME shows its loss falling, and is computed on top of another', async () => {
    const id = await create({
      ...{ method: 'rome', onTopOf: [shift], hyperparameters: { ...rome, steps: 25 } },
    })
    const seen = await follow((await taskOf(id)).id)
    const last = seen.at(-1) as EditTask
    expect(last).toMatchObject({ state: 'DONE', error: null })
    expect(last.losses.length).toBeGreaterThan(10)
    for (const { losses } of seen) expect(losses).toEqual(last.losses.slice(0, losses.length))
    const { receipt, trace } = await read(id, 'receipt trace { name values }')
    expect(trace.map(({ values }: { values: number[] }) => values)).toContainEqual(last.losses)
    expect(receipt.onTopOf).toEqual([(await read(shift, 'digest')).digest])
    stacked = id
  })

  it('the download is the edit, readable by the engine', async () => {
    const response = await fetch(`${api.url}/api/edits/${shift}/edit.safetensors`)
    expect(response.headers.get('content-disposition')).toContain(shift)
    const file = path.join(scratch, 'edit.safetensors')
    writeFileSync(file, Buffer.from(await response.arrayBuffer()))
    const [stored] = await api.services.editContents.load([shift])
    expect(readEditFile(file)).toEqual(stored)
  })

  it('a preview says what is met, a trial what the stack does, a comparison how alike two are', async () => {
    const preview = api.services.editTasks.preview(api.viewer, {
      ...{ modelId: api.modelId, method: 'rome', requests: [request], probes },
    })
    expect((await answerOf(preview)).preview).toMatchObject({
      ...{ promptTokens: 12, targetTokens: 2, willSkip: false, lookupToken: 'n' },
      missing: [expect.stringContaining('lens stats')],
    })
    const tried = await tryOut([shift, stacked])
    const [asked] = tried.effect?.prompts ?? []
    expect(asked?.kind).toBe('ASKED')
    expect(tried.growth.length).toBeGreaterThan(0)
    expect(tried.effect?.generations).toHaveLength(1)
    const nothing = (await tryOut([])).effect?.prompts[0]
    expect(nothing?.after.top).toEqual(nothing?.before.top)
    expect(nothing?.before.targetProbability).toBeCloseTo(asked?.before.targetProbability ?? -1, 6)
    const diff = await answerOf(api.services.editTasks.diff(api.viewer, shift, stacked))
    expect(diff.diff).toMatchObject({ firstId: shift, secondId: stacked, compared: 3 })
    const itself = await answerOf(api.services.editTasks.diff(api.viewer, shift, shift))
    expect(itself.diff?.cosine).toBeCloseTo(1, 6)
    expect(itself.diff?.flips).toEqual([])
  })

  it('the lens looks at the model under edits: before and after are two runs', async () => {
    const look = async (editIds: string[]) => {
      const run = { modelId: api.modelId, promptText: 'Home of Ann:', targetText: 'x', editIds }
      const { id, configDigest } = await api.services.lensRuns.create(api.viewer, run)
      const rowOf = () => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })
      expect(await eventually(rowOf, isEnded, 60_000)).toMatchObject({ state: 'DONE', error: null })
      const fields = 'loss receipt editIds edits { id method }'
      const { data } = await api.graphql(`{ lensRun(id: "${id}") { ${fields} } }`)
      return { ...data.lensRun, configDigest }
    }
    const [plain, under] = [await look([]), await look([shift])]
    expect(plain).toMatchObject({ editIds: [], edits: [], receipt: { edits: [] } })
    expect(under).toMatchObject({
      editIds: [shift],
      edits: [{ id: shift, method: 'forward-shift' }],
    })
    expect(under.receipt.edits).toEqual([(await read(shift, 'digest')).digest])
    expect(under.configDigest).not.toBe(plain.configDigest)
    expect(under.loss).toBeLessThan(plain.loss)
  })

  it('an export is a model that says by itself what the edits made the base say', async () => {
    const ids = [shift, stacked]
    const task = await answerOf(
      api.services.editTasks.export(api.viewer, api.modelId, ids, 'merged'),
    )
    const { modelId, modelName, checkedTensors } = task.exported ?? { modelId: '' }
    expect({ modelName, checkedTensors }).toMatchObject({ modelName: 'merged' })
    expect(checkedTensors).toBeGreaterThan(0)
    const { data } = await api.graphql(`{ model(id: "${modelId}") { name available family } }`)
    expect(data.model).toMatchObject({ name: 'merged', available: true, family: 'gpt2' })
    const [merged, fed] = [await tryOut([], modelId), await tryOut(ids)]
    const [own, under] = [merged.effect?.prompts[0]?.before, fed.effect?.prompts[0]?.after]
    expect(own?.top[0]?.id).toBe(under?.top[0]?.id)
    expect(own?.targetProbability).toBeCloseTo(under?.targetProbability ?? -1, 5)
  })

  it('what cannot be computed says why', async () => {
    const id = await create({ method: 'rome' })
    expect((await eventually(() => taskOf(id), isEnded, 60_000)).error).toMatchObject({
      ...{ code: 'KEY_COVARIANCE_MISSING', retried: false },
      cure: expect.stringContaining('lens stats'),
    })
  })
})

describe('an optimisation in its middle', () => {
  const slow = { method: 'rome', hyperparameters: { ...rome, steps: 60 } }
  const queueSlow = async (seed: number) => {
    const id = await create({ ...slow, modelId: slowModelId, seed, probes: {} })
    await eventually(
      () => taskOf(id),
      ({ losses }) => losses.length > 0,
      60_000,
    )
    return id
  }

  it('kill -9 of the engine: it is tried again and says so', async () => {
    const id = await queueSlow(1)
    process.kill(engine.processId() as number, 'SIGKILL')
    expect(await eventually(() => taskOf(id), isEnded, 150_000)).toMatchObject({
      ...{ state: 'DONE', attempt: 2 },
      error: { code: 'ENGINE_CRASHED', attempt: 1, retried: true },
    })
    expect(await api.database.prisma.editDelta.count({ where: { editId: id } })).toBe(1)
  }, 180_000)

  it('cancel ends it within two seconds, and what follows works', async () => {
    const id = await queueSlow(2)
    const before = engine.processId() as number
    const started = Date.now()
    await api.services.edits.cancel(api.viewer, id)
    await eventually(
      async () => isAlive(before),
      (alive) => !alive,
    )
    expect(Date.now() - started).toBeLessThan(2_000)
    await compute({ seed: 3 })
    expect(await taskOf(id)).toMatchObject({ state: 'CANCELLED', leaseOwner: null })
    expect(await api.database.prisma.editResult.count({ where: { editId: id } })).toBe(0)
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
