// Facts -> examples: what each is made of, what it depends on, and what a table of other facts asks is left out.
import { describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import { factsRanges } from '../datasets/record-range.js'
import { findRepositoryRoot } from '../models/home.js'
import { chooseExamples, makeExamples, trainingFacts } from './mend-examples.js'

const cases = ['Ada', 'Bob', 'Eve $& Co', 'Zoe'].map((subject): EvaluationCase => ({
  id: subject,
  request: { prompt: '{} lives in', subject, targetNew: ' Rome', targetTrue: ' Paris' },
  relation: { id: 'home', source: 'record' },
  paraphrases: [`The home of ${subject} is`, `Visit ${subject} in`],
  neighbors: [],
  generationPrompts: [],
}))

describe('examples', () => {
  it("take a fact, one of its paraphrases, and another fact's prompt", () => {
    const examples = makeExamples(cases, 4)
    expect(examples.map(({ request }) => request.subject).sort()).toEqual(
      cases.map(({ id }) => id).sort(),
    )
    const prompts = cases.map(({ id }) => `${id} lives in`)
    for (const { request, paraphrase, locality } of examples) {
      const own = cases.find(({ id }) => id === request.subject) as EvaluationCase
      expect(own.paraphrases).toContain(paraphrase)
      expect(prompts).toContain(locality)
      expect(locality).not.toBe(`${request.subject} lives in`)
    }
  })

  it('take a neighborhood prompt as the text to leave alone where there is one', () => {
    const [first, ...rest] = cases as [EvaluationCase, ...EvaluationCase[]]
    const near = { ...first, neighbors: [{ prompt: 'Cid lives in', target: 'Paris' }] }
    const examples = makeExamples([near, ...rest], 4)
    for (const { request, locality } of examples) {
      expect(locality === 'Cid lives in').toBe(request.subject === 'Ada')
    }
  })

  it('depend on the seed alone', () => {
    expect(makeExamples(cases, 4)).toEqual(makeExamples(cases, 4))
    expect(makeExamples(cases, 4)).not.toEqual(makeExamples(cases, 5))
  })
})

describe('the bundled facts', () => {
  it('share no fact, and no text to leave alone, with what is evaluated', async () => {
    const { cases } = await loadDataset({ path: factsPath(findRepositoryRoot()!) })
    const { first, last } = factsRanges.training
    const kept = await trainingFacts(cases)
    expect(kept.map(({ id }) => id)).toEqual(cases.slice(first, last + 1).map(({ id }) => id))
    const evaluated = cases.slice(0, first)
    const factOf = ({ request }: EvaluationCase) => request.prompt.replace('{}', request.subject)
    const facts = new Set(evaluated.map(factOf))
    expect(kept.filter((one) => facts.has(factOf(one)))).toEqual([])
    const asked = new Set(
      evaluated.flatMap(({ paraphrases, neighbors }) => [
        ...paraphrases,
        ...neighbors.map(({ prompt }) => prompt),
      ]),
    )
    const near = kept.flatMap(({ neighbors }) => neighbors.map(({ prompt }) => prompt))
    expect(near.filter((prompt) => asked.has(prompt) || facts.has(prompt))).toEqual([])
    const sets = await chooseExamples(kept, { seed: 0, examples: 10_000, validation: 50 })
    expect(sets.validation).toHaveLength(50)
    expect(sets.examples).toHaveLength(last - first + 1 - 50)
    const all = [...sets.examples, ...sets.validation]
    expect(all.filter(({ locality }) => near.includes(locality)).length).toBeGreaterThan(400)
  })
})
