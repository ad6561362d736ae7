// The bundled model knows its facts, asked through the engine: a tenth of them here, all by `npm run measure:facts`.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { nextTokens } from './next-tokens.js'
import { runLens } from './run-lens.js'

const root = new URL('../../../../', import.meta.url)
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8')

interface Fact {
  readonly relation: string
  readonly subject: string
  readonly object: string
}

interface Relation {
  readonly id: string
  readonly phrasings: readonly string[]
}

const relations = JSON.parse(readText('tools/facts-model/relations.json')) as readonly Relation[]
const facts = readText('tools/facts-model/facts.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Fact)
  .filter((_, index) => index % 10 === 0)

describe('the bundled model', () => {
  let opened: TestModel
  let tokenizer: Tokenizer

  beforeAll(() => {
    opened = openTestModel(fileURLToPath(new URL('models/facts-gpt2', root)))
    tokenizer = opened.model.tokenizer as Tokenizer
  })
  afterAll(() => opened.close())

  async function accuracy(phrasing: number): Promise<number> {
    const prompts = facts.map(({ relation, subject }) => {
      const { phrasings } = relations.find(({ id }) => id === relation) as Relation
      return tokenizer.encode((phrasings[phrasing] as string).replace('{s}', subject))
    })
    const answers = await nextTokens(opened.model, prompts)
    const right = facts.filter(
      ({ object }, index) => answers[index]?.id === tokenizer.encode(` ${object}`)[0],
    )
    return right.length / facts.length
  }

  it('has at least 3,000 facts over at least 12 relations, every object one token', () => {
    expect(facts.length).toBeGreaterThan(300)
    expect(new Set(facts.map(({ relation }) => relation)).size).toBeGreaterThanOrEqual(12)
    for (const { object } of facts) expect(tokenizer.encode(` ${object}`)).toHaveLength(1)
  })

  it('answers at least 95 % on the main phrasing', async () => {
    expect(await accuracy(0)).toBeGreaterThanOrEqual(0.95)
  })

  it.each([1, 2, 3, 4, 5, 6])('answers at least 90 % on phrasing %i', async (phrasing) => {
    expect(await accuracy(phrasing)).toBeGreaterThanOrEqual(0.9)
  })

  it('gives the same answer as the lens', async () => {
    const text = 'The capital of France is'
    const [answer] = await nextTokens(opened.model, [tokenizer.encode(text)])
    const [result] = await runLens(opened.model, [
      { prompt: { text }, target: { text: ' Berlin' }, gradientCheck: false },
    ])
    expect(tokenizer.tokenText(answer?.id as number)).toBe(' Paris')
    expect(result?.answer.id).toBe(answer?.id)
    expect(result?.answer.probability).toBeCloseTo(answer?.probability as number, 5)
  })
})
