// Batches of evaluations through the engine's process: the rows that an evaluation in one process writes, whatever was
// computed before; failures in their places, cancellation, refusals.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import type { CasesProgress, EvaluateCasesTask } from '../evaluation/cases-task.js'
import { evaluationArms, type ArmRequest } from '../evaluation/evaluation-arms.js'
import type { EvaluationArm } from '../evaluation/evaluation-record.js'
import { selectKnownCases } from '../evaluation/known-cases.js'
import { runEvaluation, type EvaluationResults } from '../evaluation/run-evaluation.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { writeRandomGpt2 } from '../testing/index.js'
import { EnginePool } from './engine-pool.js'

// A machine that computes other things too takes its time.
vi.setConfig({ testTimeout: 180_000 })

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'imprint-cases-tasks-'))
const home = join(place, 'home')
const pool = new EnginePool({ home })
const files = openModel('bundled', { home })
const model = loadModel(files, { threads: 1 })
const generation = { length: 12, topK: 5 }
const requests: readonly ArmRequest[] = [
  { method: 'forward-shift' },
  { name: 'quick', method: 'rome', hyperparameters: { useCovariance: false, layer: 1, steps: 2 } },
  { method: 'no-edit' },
]

let arms: readonly EvaluationArm[]
let cases: readonly EvaluationCase[]
let whole: EvaluationResults

const task = (options: Partial<EvaluateCasesTask> = {}): EvaluateCasesTask => ({
  kind: 'evaluate-cases',
  model: 'bundled',
  provider: 'cpu',
  threads: 1,
  arms,
  cases,
  protocol: 'counterfact',
  seed: 3,
  divergence: true,
  generation,
  ...options,
})

beforeAll(async () => {
  const { cases: facts } = await loadDataset({ path: factsPath(root) })
  cases = facts.slice(0, 6)
  arms = evaluationArms(files, requests)
  whole = await runEvaluation(model, {
    cases,
    dataset: { file: 'facts.json', format: 'counterfact', digest: 'of a test' },
    arms: requests,
    protocol: 'counterfact',
    out: join(place, 'whole.jsonl'),
    seed: 3,
    casesPerBatch: 2,
    generation,
  })
}, 180_000)
afterAll(async () => {
  await pool.dispose()
  await model.dispose()
  rmSync(place, { recursive: true })
})

it('gives batch by batch, in any order, the rows of the whole evaluation byte for byte', async () => {
  const seen: CasesProgress[] = []
  expect(arms).toEqual(whole.header.arms)
  for (const first of [4, 0, 2, 4]) {
    const { records, timings, receipt } = await pool.evaluate(
      task({ cases: cases.slice(first, first + 2) }),
      { onProgress: (one) => seen.push(one) },
    )
    const from = first * arms.length
    const own = whole.records.slice(from, from + 2 * arms.length)
    expect(JSON.stringify(records)).toBe(JSON.stringify(own))
    expect(timings).toHaveLength(6)
    expect(receipt.model).toEqual(whole.header.model)
    expect(receipt.contexts).toEqual(whole.header.contexts)
    expect(receipt).toMatchObject({ covariances: {}, mendEditor: null })
  }
  expect(seen[0]?.stage).toBe('loading the model')
  expect(seen.filter(({ stage }) => stage === 'computing edits').at(-1)).toEqual({
    stage: 'computing edits',
    done: 6,
    total: 6,
  })
})

it('stops in mid-computation when it is cancelled, and computes the next batch alike', async () => {
  const controller = new AbortController()
  let cancelled = 0
  const slow = { ...(arms[1] as EvaluationArm) }
  const hyperparameters = { ...slow.hyperparameters, steps: 500, stopLoss: 0 }
  await expect(
    pool.evaluate(task({ arms: [arms[0] as EvaluationArm, { ...slow, hyperparameters }] }), {
      signal: controller.signal,
      onProgress: ({ stage, done }) => {
        if (stage !== 'computing edits' || done !== cases.length) return
        cancelled = performance.now()
        controller.abort()
      },
    }),
  ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  expect(cancelled).toBeGreaterThan(0)
  expect(performance.now() - cancelled).toBeLessThan(2000)
  const { records } = await pool.evaluate(task({ cases: cases.slice(0, 2) }))
  expect(records).toEqual(whole.records.slice(0, 6))
})

it('leaves a failure in the place of a case that cannot be computed', async () => {
  const [first] = cases as [EvaluationCase]
  const lost = { ...first, id: 'lost', request: { ...first.request, targetNew: null } }
  const huge = { ...first, id: 'huge', paraphrases: ['word '.repeat(400)] }
  const { records, timings } = await pool.evaluate(task({ cases: [lost, first, huge] }))
  const found = records.map((one) => (one.kind === 'row' ? one.method : one.error.code))
  expect(found).toEqual([
    ...arms.map(() => 'BAD_ARGUMENT'),
    ...arms.map(({ name }) => name),
    ...arms.map(() => 'PROMPT_TOO_LONG'),
  ])
  expect(timings).toHaveLength(arms.length)
})

it('asks the unedited model, in the order of the cases', async () => {
  const { answers } = await pool.evaluate({
    kind: 'known-cases',
    model: 'bundled',
    provider: 'cpu',
    threads: 1,
    cases,
  })
  const known = await selectKnownCases(model, cases, {})
  const all = cases.filter((_, index) => answers[index] === 'all')
  expect(answers).toHaveLength(cases.length)
  expect(all).toEqual(known.cases)
})

it('refuses by name what makes no batch, a model it has not, and what the model lacks', async () => {
  await expect(pool.evaluate(task({ model: 'nowhere' }))).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  })
  await expect(pool.evaluate(task({ cases: [] }))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  const [arm] = arms as [EvaluationArm]
  await expect(pool.evaluate(task({ arms: [arm, arm] }))).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining('two arms') as string,
  })
  const other = join(place, 'other')
  writeRandomGpt2(other, {})
  const rome = evaluationArms(openModel(other, { home }), [{ method: 'rome' }])
  await expect(pool.evaluate(task({ model: other, arms: rome }))).rejects.toMatchObject({
    code: 'KEY_COVARIANCE_MISSING',
  })
})
