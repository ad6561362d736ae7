// Where the rotary embedding depends on a text's length, a mixed batch answers what each text answers by itself.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { relativeError } from '../testing/compare-tensors.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import { lengthGroup } from './length-group.js'
import { nextTokens, type NextToken } from './next-tokens.js'

const directoryOf = (name: string) =>
  fileURLToPath(new URL(`../../goldens-families/${name}`, import.meta.url))

const random = createRandom(20261122)
const prompts = [15, 3, 9, 8, 12, 7, 10, 15, 9].map((length) =>
  Array.from({ length }, () => random.nextUint32() % 101),
)

describe.each(['llama-dynamic', 'llama-longrope', 'neox-dynamic', 'llama-plain'])('%s', (name) => {
  let opened: TestModel
  let alone: readonly NextToken[]

  beforeAll(async () => {
    opened = openTestModel(directoryOf(name), { provider: 'cpu', threads: 1 })
    const answers: NextToken[] = []
    for (const prompt of prompts) answers.push(...(await nextTokens(opened.model, [prompt])))
    alone = answers
  })
  afterAll(() => opened.close())

  it('answers a mixed batch as it answers each prompt', async () => {
    const together = await nextTokens(opened.model, prompts)
    expect(together.map(({ id }) => id)).toEqual(alone.map(({ id }) => id))
    const probabilities = (answers: readonly NextToken[]) =>
      answers.map(({ probability }) => probability)
    expect(relativeError(probabilities(together), probabilities(alone))).toBeLessThan(1e-5)
  })

  it('puts texts of different lengths apart only beyond 8 positions, and only where it must', () => {
    const groups = new Set(prompts.map(({ length }) => lengthGroup(opened.model.shape, length)))
    expect([...groups].sort((a, b) => a - b)).toEqual(
      name === 'llama-plain' ? [0] : [0, 9, 10, 12, 15],
    )
  })
})
