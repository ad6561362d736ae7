// Evaluations on the bundled model against a slow computation: one sequence for each prompt and target, nothing shared.
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import { computeEdit } from '../edits/compute-edit.js'
import { spaceTarget } from '../edits/edit-request.js'
import { denseDelta, denseValues, type MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { evaluateBatch } from './evaluate-batch.js'
import { completeArms } from './evaluation-arms.js'
import type { ResultRecord, RowRecord } from './evaluation-record.js'
import { generateForCases } from './generate-for-cases.js'
import type { PromptRow } from './metrics/case-row.js'
import { prepareCase } from './prepare-case.js'
import { readResults, readTimings } from './results-file.js'
import { runEvaluation, type RunEvaluationOptions } from './run-evaluation.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const generation = { length: 16, topK: 5 }
const tolerance = 1e-4

/** Targets of several tokens that share their first, beside one neighbor of one token. */
const longTargets: EvaluationCase = {
  id: 'long',
  request: {
    prompt: 'The capital of {} is',
    subject: 'Spain',
    targetNew: 'Saint Petersburg',
    targetTrue: 'Saint Helena',
  },
  relation: { id: 'capital', source: 'record' },
  paraphrases: ['The largest city of Spain is'],
  neighbors: [{ prompt: 'The capital of France is', target: 'Paris' }],
  generationPrompts: [],
}

let opened: TestModel
let directory: string
let cases: readonly EvaluationCase[]
let complete: { records: readonly ResultRecord[]; bytes: Buffer }

const optionsOf = (out: string): RunEvaluationOptions => ({
  cases,
  dataset: { file: 'facts.json', format: 'counterfact', digest: 'of a test' },
  arms: [
    { method: 'forward-shift' },
    { method: 'no-edit' },
    { method: 'ft-l', hyperparameters: { steps: 3 } },
    { name: 'step', method: 'sgd' },
  ],
  protocol: 'counterfact',
  out: join(directory, out),
  seed: 3,
  casesPerBatch: 2,
  generation,
})

beforeAll(async () => {
  opened = openTestModel(join(root, 'models', 'facts-gpt2'), { sessions: 24 })
  directory = mkdtempSync(join(tmpdir(), 'imprint-evaluation-'))
  const { cases: facts } = await loadDataset({ path: factsPath(root) })
  cases = [...facts.slice(0, 4), longTargets]
  const { records } = await runEvaluation(opened.model, optionsOf('complete.jsonl'))
  complete = { records, bytes: readFileSync(join(directory, 'complete.jsonl')) }
}, 120_000)
afterAll(async () => {
  await opened.close()
  rmSync(directory, { recursive: true, force: true })
})

const isRow = (record: ResultRecord): record is RowRecord => record.kind === 'row'

function textOf(one: EvaluationCase, { kind, index }: PromptRow): string {
  const { prompt, subject } = one.request
  const texts = {
    rewrite: [prompt.replace('{}', subject)],
    paraphrase: one.paraphrases,
    neighborhood: one.neighbors.map((neighbor) => neighbor.prompt),
    portability: [],
  }
  return texts[kind][index] as string
}

/** Both targets of a prompt, each by itself, and the distribution after the prompt. */
async function slowReading(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
  prompt: string,
  target: string,
) {
  const tokenizer = model.tokenizer!
  const ids = tokenizer.encode(prompt)
  const tokens = tokenizer.encodeContinuation(spaceTarget(target))
  const { sequences } = await new EditLab(model, { base: deltas }).run({
    sequences: [
      {
        ids: [...ids, ...tokens],
        scored: tokens.map((token, step) => ({ position: ids.length - 1 + step, tokens: [token] })),
      },
    ],
    head: ['log-probabilities', 'argmax'],
  })
  const { scored } = sequences[0]!
  const nll = tokens.reduce((sum, token, step) => sum - scored[step]!.logProbabilities![token]!, 0)
  const argmax = scored.map((one) => one.argmax)
  return { nll, argmax, correct: argmax.map((id, step) => id === tokens[step]), scored }
}

async function expectRow(model: LoadedModel, row: RowRecord, deltas: readonly MatrixDelta[]) {
  const one = cases.find(({ id }) => id === row.caseId)!
  for (const prompt of row.prompts) {
    const text = textOf(one, prompt)
    const own = prompt.kind === 'neighborhood' ? one.neighbors[prompt.index]!.target : null
    const targets = { new: one.request.targetNew!, true: own ?? one.request.targetTrue! }
    for (const name of ['new', 'true'] as const) {
      const sides = { before: [], after: deltas }
      const found: Record<string, Float32Array> = {}
      for (const [side, stack] of Object.entries(sides)) {
        const slow = await slowReading(model, stack, text, targets[name])
        const reading = prompt[side as 'before' | 'after'][name]!
        expect(Math.abs(reading.nll - slow.nll)).toBeLessThan(tolerance)
        expect(reading.argmax).toEqual(slow.argmax)
        expect(reading.correct).toEqual(slow.correct)
        expect(reading.tokens).toBe(slow.argmax.length)
        found[side] = slow.scored[0]!.logProbabilities!
      }
      if (prompt.kind !== 'neighborhood') expect(prompt.klToBase).toBeNull()
      else expect(prompt.klToBase).toBeCloseTo(klOf(found['before']!, found['after']!), 4)
    }
  }
}

/** KL(p || q) of log probabilities in float64. */
const klOf = (p: Float32Array, q: Float32Array): number =>
  p.reduce((sum, value, index) => sum + Math.exp(value) * (value - q[index]!), 0)

describe('an evaluation', () => {
  it('gives the rows of a computation without batches or shared layers', async () => {
    const { model } = opened
    const { header } = readResults(join(directory, 'complete.jsonl'))
    const checked = [cases[0]!.id, 'long']
    for (const row of complete.records
      .filter(isRow)
      .filter((one) => checked.includes(one.caseId))) {
      const { method, hyperparameters } = header.arms.find(({ name }) => name === row.method)!
      const { prompt, subject, targetNew } = cases.find(({ id }) => id === row.caseId)!.request
      const requests = [{ prompt, subject, target: targetNew! }]
      const edit = await computeEdit(model, { method, requests, hyperparameters, seed: 3 })
      expect(edit.id).toBe(row.edit)
      await expectRow(model, row, edit.deltas)
    }
  })

  it('writes a row of every case and arm, and says where they come from', () => {
    const { header, records, end } = readResults(join(directory, 'complete.jsonl'))
    expect(records.map(({ caseId, method }) => `${caseId} ${method}`)).toEqual(
      cases.flatMap(({ id }) => header.arms.map(({ name }) => `${id} ${name}`)),
    )
    const { weightsDigest } = opened.model.files
    expect(header.model.weightsDigest).toBe(weightsDigest)
    expect(end).toEqual({ kind: 'end', rows: 20, failures: 0, weightsDigest })
    expect(header.arms[2]!.hyperparameters).toMatchObject({ steps: 3 })
    expect(readTimings(join(directory, 'complete.jsonl'))).toHaveLength(20)
  })

  it('writes the same texts for a case alone, under the same change as a whole matrix', async () => {
    const rows = complete.records.filter(isRow)
    const row = rows.find(({ method }) => method === 'forward-shift')!
    const prepared = prepareCase(opened.model, cases[0]!)
    const edit = await computeEdit(opened.model, {
      method: 'forward-shift',
      requests: [prepared.request],
    })
    const dense = edit.deltas.map((delta) => {
      const { address, inputWidth, bias } = delta
      return denseDelta({ address, inputWidth, bias, values: denseValues(delta) })
    })
    const options = { ...generation, seed: 3 }
    const [texts] = await generateForCases(opened.model, [{ prepared, deltas: dense }], options)
    expect(row.after.generations).toEqual(texts)
    expect(row.before.generations).toHaveLength(cases[0]!.generationPrompts.length)
    expect(row.before.generations).not.toEqual(row.after.generations)
    const control = rows.find(({ method }) => method === 'no-edit')!
    expect(control.after).toEqual(row.before)
  })

  it('goes on after an interruption and a torn line, to the same bytes', async () => {
    const options = optionsOf('resumed.jsonl')
    const controller = new AbortController()
    const aborted = runEvaluation(opened.model, {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => done > 9 && controller.abort(),
    })
    await expect(aborted).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const partial = readFileSync(options.out)
    expect(partial.length).toBeLessThan(complete.bytes.length)
    appendFileSync(options.out, complete.bytes.subarray(partial.length, partial.length + 19_000))
    const { resumed } = await runEvaluation(opened.model, options)
    expect(resumed).toBe(8)
    expect(readFileSync(options.out).equals(complete.bytes)).toBe(true)
    expect(readTimings(options.out)).toHaveLength(20)
    const again = await runEvaluation(opened.model, options)
    expect(again.resumed).toBe(20)
  })

  it('begins again where not even the header was whole', async () => {
    const options = { ...optionsOf('torn.jsonl'), arms: [{ method: 'no-edit' }] as const }
    await runEvaluation(opened.model, options)
    const bytes = readFileSync(options.out)
    truncateSync(options.out, 40)
    const { resumed } = await runEvaluation(opened.model, options)
    expect(resumed).toBe(0)
    expect(readFileSync(options.out).equals(bytes)).toBe(true)
  })

  it('records a case that fails and goes on with the rest', async () => {
    const [first] = cases as [EvaluationCase]
    const noEdit = { ...first, id: 'none', request: { ...first.request, targetNew: null } }
    const huge = { ...first, id: 'huge', paraphrases: ['word '.repeat(400)] }
    const { records } = await runEvaluation(opened.model, {
      ...optionsOf('failures.jsonl'),
      cases: [noEdit, first, huge],
      arms: [
        { method: 'forward-shift' },
        { name: 'broken', method: 'forward-shift', hyperparameters: { learningRate: 1e6 } },
      ],
      divergence: false,
    })
    const found = records.map((one) => (isRow(one) ? 'row' : one.error.code))
    expect(found.slice(0, 3)).toEqual(['BAD_ARGUMENT', 'BAD_ARGUMENT', 'row'])
    expect(found.slice(4)).toEqual(['PROMPT_TOO_LONG', 'PROMPT_TOO_LONG'])
    const row = records.find(isRow)!
    expect(row.prompts.every(({ klToBase }) => klToBase === null)).toBe(true)
  })

  it('leaves a failure where the edit of one arm cannot be computed, and a row in the others', async () => {
    const arms = completeArms(opened.model, [
      { method: 'no-edit' },
      { name: 'poison', method: 'rome', hyperparameters: { layer: 1, steps: 1 } },
    ])
    const keyCovariance = () =>
      Promise.reject(new LensEngineError('NOT_FINITE', 'it is not finite', { cure: 'None.' }))
    const contextTemplates = () => Promise.resolve(['{}'])
    const settings = { arms, seed: 0, divergence: false, generation: null }
    const { records, timings } = await evaluateBatch(opened.model, cases.slice(0, 2), {
      ...settings,
      resources: { keyCovariance, contextTemplates },
    })
    const found = records.map((one) => (isRow(one) ? one.method : one.error.code))
    expect(found).toEqual(['no-edit', 'NOT_FINITE', 'no-edit', 'NOT_FINITE'])
    expect(timings.map(({ method }) => method)).toEqual(['no-edit', 'no-edit'])
  })

  it('refuses what makes no evaluation, and the file of another one', async () => {
    const run = (change: Partial<RunEvaluationOptions>) =>
      runEvaluation(opened.model, { ...optionsOf('refused.jsonl'), ...change })
    const twice = [{ method: 'sgd' }, { method: 'sgd' }] as const
    for (const change of [{ arms: [] }, { arms: twice }, { cases: [] }, { casesPerBatch: 0 }]) {
      await expect(run(change)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    }
    const unknown = [{ method: 'sgd', hyperparameters: { steps: 1 } }] as const
    await expect(run({ arms: unknown })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const other = run({ out: join(directory, 'complete.jsonl'), seed: 4 })
    await expect(other).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      details: { differs: 'seed' },
    })
    const damaged = join(directory, 'damaged.jsonl')
    const lines = complete.bytes.toString('utf8').split('\n')
    writeFileSync(damaged, [lines[0], 'no JSON', ...lines.slice(2)].join('\n'))
    await expect(run({ out: damaged })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      details: { line: 2 },
    })
    const nowhere = run({ out: join(directory, 'no', 'folder.jsonl') })
    await expect(nowhere).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})
