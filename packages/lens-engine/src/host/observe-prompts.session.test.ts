// Observing prompts through the engine's process: the same as in one process, in any order; skipped ones in their places.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import { observePrompts } from '../figures/observe-prompts.js'
import type { ObservePromptsTask } from '../figures/observe-prompts-task.js'
import { isObservation } from '../figures/prompt-observation.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { EnginePool } from './engine-pool.js'

// A machine that computes other things too takes its time.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'imprint-observe-prompts-'))
const pool = new EnginePool({ home })
const model = loadModel(openModel('bundled', { home }), { threads: 1 })
let cases: readonly EvaluationCase[]

const task = (options: Partial<ObservePromptsTask> = {}): ObservePromptsTask => ({
  kind: 'observe-prompts',
  model: 'bundled',
  provider: 'cpu',
  threads: 1,
  cases,
  smallestStep: false,
  seed: 0,
  ...options,
})

beforeAll(async () => {
  const { cases: facts } = await loadDataset({ path: factsPath(root) })
  cases = facts.slice(0, 3)
})
afterAll(async () => {
  await pool.dispose()
  await model.dispose()
  rmSync(home, { recursive: true })
})

it('gives what one process gives, whatever was observed before', async () => {
  const here = await observePrompts(model, cases)
  expect(here.observations.every(isObservation)).toBe(true)
  const seen: unknown[] = []
  const there = await pool.evaluate(task({ cases: [...cases].reverse() }), {
    onProgress: (progress) => seen.push(progress),
  })
  expect([...there.observations].reverse()).toEqual(here.observations)
  expect(there.receipt).toEqual(here.receipt)
  expect(seen).toContainEqual({ stage: 'reading prompts', done: 2, total: 3 })
})

it('adds the smallest steps when they are asked for, and nothing else changes', async () => {
  const [first] = cases as readonly [EvaluationCase]
  const { observations, receipt } = await pool.evaluate(
    task({ cases: [first], smallestStep: true }),
  )
  const [plain] = (await observePrompts(model, [first])).observations
  expect({ ...observations[0], smallestStep: null }).toEqual(plain)
  expect(observations[0]).toMatchObject({
    smallestStep: { known: false, methods: [{ method: 'forward-shift' }, { method: 'sgd' }] },
  })
  expect(receipt.steps).toMatchObject({ first: expect.any(Number), last: 1024 })
})

it('answers prompts that cannot be observed in their places, with the reason', async () => {
  const [first, second] = cases as readonly [EvaluationCase, EvaluationCase]
  const faulty = (id: string, request: Partial<EvaluationCase['request']>): EvaluationCase => ({
    ...first,
    id,
    request: { ...first.request, ...request },
  })
  const { observations } = await pool.evaluate(
    task({
      cases: [
        faulty('no subject', { prompt: 'The capital of France is' }),
        faulty('no target', { targetNew: null, targetTrue: null }),
        faulty('one token', { prompt: '{}', subject: 'a' }),
        faulty('too long', { subject: 'a b c '.repeat(2000) }),
        faulty('empty target', { targetNew: ' ' }),
        second,
        faulty('true answer', { targetNew: null }),
      ],
    }),
  )
  const skipped = observations.map((one) => ('skipped' in one ? one.skipped : null))
  expect(skipped).toEqual([
    expect.stringContaining('does not hold the subject'),
    'the case names no answer',
    expect.stringContaining('one token'),
    expect.stringContaining('reads at most'),
    expect.stringContaining('only spaces'),
    null,
    null,
  ])
  expect(observations.map(({ caseId }) => caseId)).toHaveLength(7)
  expect(observations[6]).toMatchObject({ target: { from: 'true' } })
})

it('refuses no prompt and an unknown model, and stops when told to', async () => {
  const refusal = (code: string) => expect.objectContaining({ code })
  await expect(pool.evaluate(task({ cases: [] }))).rejects.toEqual(refusal('BAD_ARGUMENT'))
  await expect(pool.evaluate(task({ model: 'nothing' }))).rejects.toEqual(
    refusal('MODEL_NOT_FOUND'),
  )
  const controller = new AbortController()
  const stopped = pool.evaluate(task({ cases: Array(200).fill(cases[0]), smallestStep: true }), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(stopped).rejects.toEqual(refusal('RUN_CANCELLED'))
  controller.abort()
  await expect(observePrompts(model, cases, { signal: controller.signal })).rejects.toEqual(
    refusal('RUN_CANCELLED'),
  )
})
