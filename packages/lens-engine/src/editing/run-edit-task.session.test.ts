// Tasks about edits on the bundled model, against the lens, the lab and the functions that make up the answers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { computeEdit } from '../edits/compute-edit.js'
import { prepareEditRequest } from '../edits/edit-request.js'
import type { Edit } from '../edits/edit.js'
import { scaledDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { runLens } from '../lens/run-lens.js'
import { openModel } from '../models/model-store.js'
import { predictEffect } from '../readings/predict-effect.js'
import { loadModel } from '../runtime/load-model.js'
import { editSessions } from '../resources/edit-sessions.js'
import type { ComputedEdit, EditEffect, NextToken } from './edit-answer.js'
import type { EditTask, EditTaskProgress } from './edit-task.js'
import { runEditTask } from './run-edit-task.js'

const home = mkdtempSync(join(tmpdir(), 'imprint-editing-'))
const files = openModel('bundled', { home })
const model = loadModel(files, { threads: 1, ...editSessions(files) })
afterAll(async () => {
  await model.dispose()
  rmSync(home, { recursive: true })
})

const request = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }
const text = 'The capital of France is'
const probes = {
  truth: 'Paris',
  paraphrases: ['France has the capital'],
  neighbors: [{ prompt: 'The capital of Spain is', target: 'Madrid' }],
}
const run = <T extends EditTask>(task: T, onProgress?: (progress: EditTaskProgress) => void) =>
  runEditTask(model, task, { home, ...(onProgress === undefined ? {} : { onProgress }) })
const onModel = { model: 'bundled' } as const
const strong = { hyperparameters: { learningRate: 50 } } as const

const compute = (options: object = {}): Promise<ComputedEdit> =>
  run({
    kind: 'compute-edit',
    ...onModel,
    method: 'forward-shift',
    requests: [request],
    ...options,
  })

const lens = async (prompt: string, target: string) => {
  const matrices = ['mlp.down'] as const
  const quick = { matrices, imprint: false, gradientRank: false, gradientCheck: false }
  const asked = { prompt: { text: prompt }, target: { text: ` ${target}` } }
  const [result] = await runLens(model, [{ ...asked, ...quick, targetMode: 'sequence' }])
  return result!
}

describe('an edit that is computed', () => {
  it('shows what the model said before as the lens says it', async () => {
    const { effect } = await compute({ probes })
    expect(effect.prompts.map(({ kind }) => kind)).toEqual([
      'rewrite',
      'paraphrase',
      'neighborhood',
    ])
    for (const { prompt, target, truth, before } of effect.prompts) {
      const [wanted, right] = [await lens(prompt, target!), await lens(prompt, truth!)]
      expect(before.top.map(({ id }) => id)).toEqual(wanted.next.map(({ id }) => id))
      before.top.forEach((token, place) => {
        expect(token.text).toBe(wanted.next[place]?.text)
        expect(token.probability).toBeCloseTo(wanted.next[place]!.probability, 5)
        expect(token.logit).toBeCloseTo(wanted.next[place]!.logit, 3)
      })
      expect(-Math.log(before.targetProbability!)).toBeCloseTo(wanted.loss, 3)
      expect(-Math.log(before.truthProbability!)).toBeCloseTo(right.loss, 3)
      const last = wanted.hiddenStates.at(-1)!
      expect(before.targetRank).toBe(last.targetRank[wanted.promptLength - 1])
    }
    const shown = await lens(text, 'Rome')
    expect(effect.lens[0]?.layer).toBe(-1)
    const blocks = effect.lens.slice(1)
    expect(blocks.map(({ layer }) => layer)).toEqual(shown.hiddenStates.map(({ layer }) => layer))
    blocks.forEach(({ before, targetRankBefore }, index) => {
      const state = shown.hiddenStates[index]!
      const place = shown.promptLength - 1
      expect(targetRankBefore).toBe(state.targetRank[place])
      expect(before.map(({ id }) => id)).toEqual([
        ...state.topIds.slice(place * state.k, place * state.k + 5),
      ])
    })
  })

  it('is the edit that computeEdit makes, with prediction, words and size', async () => {
    const seen: EditTaskProgress[] = []
    const answer = await run(
      { kind: 'compute-edit', ...onModel, method: 'forward-shift', requests: [request], probes },
      (progress) => seen.push(progress),
    )
    const alone = await computeEdit(model, { method: 'forward-shift', requests: [request] })
    expect(answer.edit.id).toBe(alone.id)
    expect(answer.edit.deltas).toEqual(alone.deltas)
    const prepared = prepareEditRequest(model, request)
    const predicted = await predictEffect(model, prepared, alone.deltas)
    expect(answer.predicted).toEqual([predicted])
    const [rewrite, ...others] = answer.effect.prompts
    expect(rewrite).toMatchObject({
      predictedLogitChange: predicted.predicted,
      measuredLogitChange: predicted.measured,
    })
    expect(others.every(({ predictedLogitChange }) => predictedLogitChange === null)).toBe(true)
    const logit = ({ top }: NextToken) => top.find(({ id }) => id === prepared.targetIds[0])?.logit
    expect(logit(rewrite!.after)! - predicted.logit).toBeCloseTo(predicted.measured, 3)
    expect(-Math.log(rewrite!.after.targetProbability!)).toBeCloseTo(predicted.nllAfter, 4)
    expect(answer.readings[0]?.factors[0]).toMatchObject({ targetRank: 0 })
    expect(answer.readings[0]?.factors[0]?.top[0]).toMatchObject({ text: ' Rome' })
    expect(answer.growth).toHaveLength(1)
    expect(answer.growth[0]?.explanation).not.toBe('')
    expect(seen.at(-1)).toMatchObject({ stage: 'reading the edit' })
    expect(answer.effect.generations[0]?.before).toMatch(/^ Paris/)
  })

  it('changes what the model says, and the neighbor little', async () => {
    const { effect } = await compute({ probes, ...strong })
    const [rewrite, , neighbor] = effect.prompts
    expect([rewrite?.before.argmaxIsTruth, rewrite?.after.argmaxIsTarget]).toEqual([true, true])
    expect(rewrite?.after).toMatchObject({ targetRank: 0, argmaxIsTruth: false })
    expect(effect.generations[0]?.after).toMatch(/^ Rome/)
    expect(effect.lens.at(-1)).toMatchObject({ targetRankAfter: 0, truthRankBefore: 0 })
    expect(effect.lens[0]?.before).toEqual(effect.lens[0]?.after)
    expect(rewrite!.divergence).toBeGreaterThan(neighbor!.divergence)
    expect(neighbor?.truth).toBe('Madrid')
  })

  it('reads answers of several tokens one after the other', async () => {
    const target = 'Rome in the south'
    const { effect } = await compute({ requests: [{ ...request, target }] })
    const wanted = await lens(text, target)
    expect(-Math.log(effect.prompts[0]!.before.targetProbability!)).toBeCloseTo(wanted.loss, 3)
    expect(effect.prompts[0]?.before.argmaxIsTarget).toBe(false)
    expect(effect.prompts[0]?.before.truthProbability).toBeNull()
  })

  it('writes nothing where the answer is there already, and says so', async () => {
    const { edit, effect, predicted } = await compute({
      requests: [{ ...request, target: 'Paris' }],
    })
    expect(edit.outcome.kind).toBe('skipped')
    expect(effect.prompts[0]?.before).toEqual(effect.prompts[0]?.after)
    expect(effect.prompts[0]?.divergence).toBe(0)
    expect(predicted[0]).toMatchObject({ predicted: 0, measured: 0 })
  })
})

describe('a prompt under a stack', () => {
  const tryEdits = (edits: readonly Edit[]): Promise<{ effect: EditEffect }> =>
    run({ kind: 'try-edits', ...onModel, edits, prompt: text, target: 'Rome', generate: true })

  it('is the unedited model where the stack is empty', async () => {
    const { effect } = await tryEdits([])
    const [prompt] = effect.prompts
    expect(prompt?.after).toEqual(prompt?.before)
    expect(effect.generations[0]?.after).toBe(effect.generations[0]?.before)
    expect(
      effect.lens.every(({ before, after }) => JSON.stringify(before) === JSON.stringify(after)),
    ).toBe(true)
    expect((await lens(text, 'Rome')).answer.id).toBe(prompt?.before.top[0]?.id)
  })

  it('is that of the edits together, against a pass of the lab', async () => {
    const { edit: first } = await compute(strong)
    const { edit: second } = await compute({
      requests: [{ prompt: '{} speaks', subject: 'Spain', target: 'German' }],
    })
    const { effect } = await tryEdits([first, second])
    const { promptIds, last, targetIds } = prepareEditRequest(model, request)
    const { sequences } = await new EditLab(model, {
      base: [...first.deltas, ...second.deltas],
    }).run({
      sequences: [{ ids: promptIds, scored: [{ position: last, tokens: targetIds }] }],
      head: ['nll'],
    })
    const nll = sequences[0]?.scored[0]?.nll?.[0] as number
    expect(effect.prompts[0]?.after.targetProbability).toBeCloseTo(Math.exp(-nll), 6)
    expect(effect.prompts[0]?.kind).toBe('asked')
  })
})

describe('a preview', () => {
  const preview = (options: object = {}) =>
    run({
      kind: 'preview-edit',
      ...onModel,
      method: 'forward-shift',
      requests: [request],
      ...options,
    })

  it('says what is there and predicts what a pass can tell', async () => {
    const { edit, predicted } = await compute({ method: 'sgd' })
    const answer = await preview({ method: 'sgd' })
    expect(edit.outcome.kind).toBe('edited')
    expect(answer.predictedLogitChange).toBeCloseTo(predicted[0]!.predicted, 6)
    expect(answer).toMatchObject({ subjectTokens: [' France'], lookupToken: ' France' })
    expect(answer).toMatchObject({ promptTokens: 5, targetTokens: 1, willSkip: false, missing: [] })
    expect(answer.currentAnswer).toBe(' Paris')
    expect(answer.current.argmaxIsTarget).toBe(false)
    expect(answer.estimatedBytes).toBeGreaterThan(model.weights.bytes)
  })

  it('says what would be skipped, and why nothing can be predicted', async () => {
    const requests = [{ ...request, target: 'Paris' }]
    expect(await preview({ requests })).toMatchObject({ willSkip: true, predictedLogitChange: 0 })
    expect(await preview({ method: 'no-edit' })).toMatchObject({ willSkip: true })
    expect(
      await preview({ method: 'ft', requests, hyperparameters: { lossThreshold: 5 } }),
    ).toMatchObject({ willSkip: true })
    const rome = await preview({ method: 'rome', requests })
    expect(rome).toMatchObject({ willSkip: false, predictedLogitChange: null })
    expect(rome.notes.join()).toContain('"Paris" is what the model says already')
    expect(rome.predictionNote).toContain('steps of optimisation')
    expect(rome.missing.join()).toContain('key covariance of mlp.down in layer')
    expect((await preview({ method: 'mend' })).missing.join()).toContain('editor of mend')
  })

  it('refuses what computing would refuse', async () => {
    await expect(
      preview({ requests: [{ ...request, prompt: text, subject: 'Italy' }] }),
    ).rejects.toMatchObject({
      code: 'SUBJECT_NOT_IN_PROMPT',
    })
    await expect(preview({ hyperparameters: { layer: 99 } })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
  })
})

describe('two edits', () => {
  it('are compared in numbers, words and answers', async () => {
    const [first, second] = [
      await compute(strong),
      await compute({ ...strong, requests: [{ ...request, target: 'Madrid' }] }),
    ]
    const prompts = [
      { kind: 'rewrite', prompt: text, target: 'Rome' },
      { kind: 'neighborhood', prompt: 'water is made of' },
    ] as const
    const task = {
      kind: 'diff-edits',
      ...onModel,
      first: first.edit,
      second: second.edit,
      prompts,
    } as const
    const diff = await run(task)
    expect(diff.compared).toBe(2)
    expect(diff.flips[0]).toMatchObject({ kind: 'rewrite', target: 'Rome' })
    const shown = ({ top }: NextToken) => top.map(({ text: one }) => one)
    expect(shown(diff.flips[0]!.first)).toEqual(shown(first.effect.prompts[0]!.after))
    expect(diff.flips[0]?.second.top[0]?.text).toBe(' Madrid')
    expect(diff.shared).toHaveLength(1)
    expect(diff.shared[0]?.inputAngles[0]).toBeLessThan(0.1)
    const given = { firstReadings: first.readings, secondReadings: second.readings }
    expect(await run({ ...task, ...given })).toEqual(diff)
    const [overlap] = diff.tokenOverlap
    expect(overlap?.firstTokens[0]).toBe(' Rome')
    expect(overlap?.sharedTokens.every((one) => overlap.secondTokens.includes(one))).toBe(true)
    const union = new Set([...overlap!.firstTokens, ...overlap!.secondTokens]).size
    expect(overlap?.overlap).toBeCloseTo(overlap!.sharedTokens.length / union, 6)
    const same = await run({ ...task, second: first.edit })
    expect(same.flips).toEqual([])
    expect(same.cosine).toBeCloseTo(1, 6)
  })

  it('must be of this model', async () => {
    const { edit } = await compute()
    const foreign = { ...edit, model: { ...edit.model, weightsDigest: 'another' } }
    for (const task of [
      { kind: 'try-edits', ...onModel, edits: [foreign], prompt: text },
      { kind: 'diff-edits', ...onModel, first: edit, second: foreign, prompts: [] },
      { kind: 'export-edits', ...onModel, edits: [foreign], directory: join(home, 'wrong') },
    ] as const) {
      await expect(run<EditTask>(task)).rejects.toMatchObject({ code: 'EDIT_WRONG_MODEL' })
    }
  })

  it('that overflow the model are refused by name', async () => {
    const { edit } = await compute()
    const huge = { ...edit, deltas: edit.deltas.map((delta) => scaledDelta(delta, 1e37)) }
    await expect(
      run({ kind: 'try-edits', ...onModel, edits: [huge], prompt: text }),
    ).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })
})

describe('an export', () => {
  it('is a model that says what the edits say, every tensor checked', async () => {
    const { edit, effect } = await compute(strong)
    const directory = join(home, 'merged')
    const exported = await run({ kind: 'export-edits', ...onModel, edits: [edit], directory })
    expect(exported).toMatchObject({ directory, checkedTensors: model.weights.names().length })
    expect(exported.largestDifference).toBeLessThan(exported.tolerance)
    const merged = loadModel(openModel(directory, { home }), { threads: 1 })
    const asked = { prompt: { text }, target: { text: ' Rome' }, matrices: ['mlp.down'] as const }
    const [result] = await runLens(merged, [{ ...asked, gradientCheck: false }])
    await merged.dispose()
    expect(result?.answer.text).toBe(' Rome')
    expect(result?.answer.probability).toBeCloseTo(effect.prompts[0]!.after.top[0]!.probability, 4)
  })
})
