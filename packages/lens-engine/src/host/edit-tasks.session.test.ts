// Tasks about edits through the engine's process: the same bits as in this one, progress, cancellation, refusals.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { ComputeEditTask, EditTaskProgress } from '../editing/edit-task.js'
import { computeEdit } from '../edits/compute-edit.js'
import { editId, type Edit } from '../edits/edit.js'
import { denseDelta } from '../edits/matrix-delta.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import { EnginePool } from './engine-pool.js'

// A machine that computes other things too takes its time.
vi.setConfig({ testTimeout: 180_000 })

const home = mkdtempSync(join(tmpdir(), 'imprint-edit-tasks-'))
const pool = new EnginePool({ home })
const model = loadModel(openModel('bundled', { home }), { threads: 1 })
afterAll(async () => {
  await pool.dispose()
  await model.dispose()
  rmSync(home, { recursive: true })
})

const onModel = { model: 'bundled', provider: 'cpu', threads: 1 } as const
const request = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }
const rome = { useCovariance: false, layer: 0, steps: 4, stopLoss: 0 }

const task = (options: Partial<ComputeEditTask> = {}): ComputeEditTask => ({
  kind: 'compute-edit',
  ...onModel,
  method: 'rome',
  requests: [request],
  hyperparameters: rome,
  seed: 3,
  ...options,
})

it('computes an edit bit for bit as this process does, and tells each step with its loss', async () => {
  const seen: EditTaskProgress[] = []
  const { edit, effect } = await pool.edit(task(), { onProgress: (one) => seen.push(one) })
  const { method, requests, hyperparameters = {}, seed = 0 } = task()
  const own = await computeEdit(model, { method, requests, hyperparameters, seed })
  expect(edit.deltas).toEqual(own.deltas)
  expect([edit.id, editId(edit)]).toEqual([own.id, own.id])
  const steps = seen.filter(({ stage }) => stage === 'optimising the value')
  expect(steps.map(({ done }) => done)).toEqual([1, 2, 3, 4])
  const losses = own.trace.find(({ values }) => values.length === 4)?.values
  expect(steps.map(({ loss }) => loss)).toEqual(losses)
  expect(seen[0]?.stage).toBe('loading the model')
  expect(effect.prompts[0]?.kind).toBe('rewrite')
})

it('stops within two seconds when it is cancelled during the optimisation, and goes on with the next', async () => {
  const controller = new AbortController()
  let cancelled = 0
  const hyperparameters = { ...rome, steps: 1000 }
  await expect(
    pool.edit(task({ hyperparameters, seed: 4 }), {
      signal: controller.signal,
      onProgress: ({ loss }) => {
        if (loss === undefined || cancelled > 0) return
        cancelled = performance.now()
        controller.abort()
      },
    }),
  ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  expect(cancelled).toBeGreaterThan(0)
  expect(performance.now() - cancelled).toBeLessThan(2000)
  const preview = await pool.edit({
    ...task({ method: 'no-edit', hyperparameters: {} }),
    kind: 'preview-edit',
  })
  expect(preview.willSkip).toBe(true)
})

it('carries edits of a hundred megabytes to the child', async () => {
  const { edit } = await pool.edit(task({ method: 'forward-shift', hyperparameters: {} }))
  const random = createRandom(5)
  const [{ address, inputWidth, outputWidth }] = edit.deltas as [Edit['deltas'][0]]
  const values = random.normals(inputWidth * outputWidth, 1e-4)
  const dense = denseDelta({ address, inputWidth, values })
  const copies = Math.ceil(100e6 / values.byteLength)
  const large: Edit = { ...edit, deltas: Array.from({ length: copies }, () => dense) }
  const preview = await pool.edit({
    ...task({ method: 'forward-shift', hyperparameters: {}, onTopOf: [large] }),
    kind: 'preview-edit',
  })
  const unedited = await pool.edit({
    ...task({ method: 'forward-shift', hyperparameters: {} }),
    kind: 'preview-edit',
  })
  expect(preview.current.entropy).not.toBe(unedited.current.entropy)
})

it('runs the lens under edits, and without them gives the model as it is again', async () => {
  const { edit } = await pool.edit(
    task({ method: 'forward-shift', hyperparameters: { learningRate: 50 } }),
  )
  const prompt = { text: 'The capital of France is' }
  const quick = { matrices: ['mlp.down'], gradientCheck: false, gradientRank: false } as const
  const run = { ...onModel, requests: [{ prompt, target: { text: ' Rome' }, ...quick }] }
  const [before] = await pool.run(run)
  const [edited] = await pool.run({ ...run, edits: [edit] })
  const [after] = await pool.run(run)
  expect([before?.answer.text, edited?.answer.text]).toEqual([' Paris', ' Rome'])
  expect(edited?.receipt.edits).toEqual([edit.id])
  expect(after?.receipt.graphDigest).toBe(before?.receipt.graphDigest)
  expect(after?.matrices).toEqual(before?.matrices)
  const foreign = { ...edit, model: { ...edit.model, weightsDigest: 'another' } }
  await expect(pool.run({ ...run, edits: [foreign] })).rejects.toMatchObject({
    code: 'EDIT_WRONG_MODEL',
  })
})

it('refuses edits of another model, and more prompts than a task takes, by name', async () => {
  const { edit } = await pool.edit(task({ method: 'forward-shift', hyperparameters: {} }))
  const foreign = { ...edit, model: { ...edit.model, weightsDigest: 'another' } }
  const prompt = 'The capital of France is'
  await expect(
    pool.edit({ kind: 'try-edits', ...onModel, edits: [foreign], prompt }),
  ).rejects.toMatchObject({
    code: 'EDIT_WRONG_MODEL',
    cure: expect.stringContaining('Apply it') as string,
  })
  const paraphrases = Array<string>(3000).fill(prompt)
  await expect(pool.edit(task({ probes: { paraphrases } }))).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
  })
  await expect(pool.edit(task({ hyperparameters: {}, onTopOf: [foreign] }))).rejects.toMatchObject({
    code: 'EDIT_WRONG_MODEL',
  })
})
