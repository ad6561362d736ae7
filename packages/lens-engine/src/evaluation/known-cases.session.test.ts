// Known cases of the bundled model against what it writes by itself, token by token, with remembered keys and values.
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import { inSeededOrder, selectCases } from '../datasets/select-cases.js'
import { fillTemplate, spaceTarget } from '../edits/edit-request.js'
import { generateTexts } from '../generation/generate-texts.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { selectKnownCases, type KnownAnswer } from './known-cases.js'
import { tokenizerOf } from './prepare-case.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
let opened: TestModel
let cases: readonly EvaluationCase[]

beforeAll(async () => {
  opened = openTestModel(join(root, 'models', 'facts-gpt2'))
  const { cases: facts } = await loadDataset({ path: factsPath(root) })
  // Every second case claims something else, in part one that begins as the truth does.
  cases = facts.slice(0, 24).map((one, index) => {
    const { targetTrue, targetNew } = one.request
    const wrong = index % 4 === 1 ? targetNew : `${targetTrue} Paris`
    return index % 2 === 0 ? one : { ...one, request: { ...one.request, targetTrue: wrong } }
  })
}, 60_000)
afterAll(() => opened.close())

/** Whether the model, left to itself, writes the first or all tokens of the true answer. */
async function writes({ request }: EvaluationCase, tokens?: number): Promise<boolean> {
  const tokenizer = tokenizerOf(opened.model)
  const ids = tokenizer.encode(fillTemplate(request.prompt, request.subject))
  const target = tokenizer.encodeContinuation(spaceTarget(request.targetTrue as string))
  const length = ids.length + target.length
  const sampling = { kind: 'greedy' } as const
  const [text] = await generateTexts(opened.model, [{ ids }], { length, sampling, seed: 0 })
  return target.slice(0, tokens).every((id, place) => text?.[place] === id)
}

describe('known cases', () => {
  it('are those whose answer the model writes by itself, in the order given', async () => {
    const wanted: EvaluationCase[] = []
    let firstToken = 0
    for (const one of cases) {
      if (await writes(one, 1)) firstToken++
      if (await writes(one)) wanted.push(one)
    }
    const found = await selectKnownCases(opened.model, cases, {})
    expect(found.cases).toEqual(wanted)
    expect(found.counts).toEqual({ tested: cases.length, firstToken, known: wanted.length })
    expect(firstToken).toBeGreaterThan(wanted.length)
    expect(wanted.length).toBeGreaterThan(4)
  })

  it('stop at a count, and a larger one contains a smaller one', async () => {
    const few = await selectKnownCases(opened.model, cases, { count: 3, seed: 5 })
    const more = await selectKnownCases(opened.model, cases, { count: 6, seed: 5 })
    expect(few.cases).toHaveLength(3)
    expect(few.counts.tested).toBeLessThan(cases.length)
    expect(more.cases).toEqual(expect.arrayContaining([...few.cases]))
    const chosen = await selectCases(more.cases, { count: 3, seed: 5 })
    expect(chosen).toEqual(few.cases)
    expect(new Set(inSeededOrder(cases, 5).slice(0, few.counts.tested))).toEqual(
      new Set(await selectCases(cases, { count: few.counts.tested, seed: 5 })),
    )
  })

  it('asks no case twice whose answer it was given', async () => {
    const answers = new Map<string, KnownAnswer>()
    const first = await selectKnownCases(opened.model, cases, { answers })
    expect([...answers.keys()].sort()).toEqual(cases.map(({ id }) => id).sort())
    const [known] = first.cases as [EvaluationCase]
    answers.set(known.id, 'first')
    const again = await selectKnownCases(opened.model, cases, { answers })
    expect(again.cases).toEqual(first.cases.slice(1))
    expect(again.counts).toEqual({ ...first.counts, known: first.counts.known - 1 })
  })

  it('refuses cases without a true answer, and a model that knows none', async () => {
    const [first] = cases as [EvaluationCase]
    const nameless = { ...first, request: { ...first.request, targetTrue: null } }
    await expect(selectKnownCases(opened.model, [nameless], {})).rejects.toThrow('no true answer')
    const wrong = { ...first, request: { ...first.request, targetTrue: 'Quixotic nonsense' } }
    await expect(selectKnownCases(opened.model, [wrong], {})).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
  })
})
