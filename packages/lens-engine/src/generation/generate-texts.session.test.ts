// Generation with remembered keys and values against a forward pass of the whole text at every step, for each family.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nextTokens } from '../lens/next-tokens.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { generateTexts } from './generate-texts.js'

const engine = new URL('../../', import.meta.url)
const models = {
  gpt2: 'goldens/d32-h4',
  llama: 'goldens-families/llama-grouped-llama3',
  mistral: 'goldens-families/mistral-window',
  qwen3: 'goldens-families/qwen3-head-norms',
  neox: 'goldens-families/neox-parallel',
  gptj: 'goldens-families/gptj',
}

const greedy = { kind: 'greedy' } as const
const LENGTH = 12

describe.each(Object.entries(models))('%s', (_, path) => {
  let opened: TestModel
  beforeAll(() => {
    const directory = fileURLToPath(new URL(path, engine))
    expect(existsSync(directory)).toBe(true)
    opened = openTestModel(directory)
  })
  afterAll(() => opened.close())

  /** The same without memory: the whole text is read again for each token. */
  async function rereading(prompt: readonly number[]): Promise<readonly number[]> {
    const text = [...prompt]
    while (text.length < LENGTH) {
      const [next] = await nextTokens(opened.model, [text])
      text.push((next as { id: number }).id)
    }
    return text.slice(prompt.length)
  }

  it('writes what rereading the whole text writes, in batches of several lengths', async () => {
    const prompts = [[1, 2, 3], [4], [5, 6, 7], [9, 8, 7, 6, 5], [3, 3, 3]]
    const texts = await generateTexts(
      opened.model,
      prompts.map((ids) => ({ ids })),
      { length: LENGTH, sampling: greedy, seed: 1 },
    )
    for (const [index, prompt] of prompts.entries()) {
      expect(texts[index], `prompt ${index}`).toEqual(await rereading(prompt))
    }
  })
})

interface RecordedTexts {
  readonly length: number
  readonly texts: readonly {
    readonly prompt: readonly number[]
    readonly text: readonly number[]
  }[]
}

// Recorded by tools/goldens/length_goldens.py.
describe.each(['llama-dynamic', 'neox-dynamic'])(
  '%s, whose rotary embedding depends on the length from 8 positions on',
  (name) => {
    const directory = new URL(`goldens-families/${name}/`, engine)
    const { length, texts } = JSON.parse(
      readFileSync(new URL('generation.json', directory), 'utf8'),
    ) as RecordedTexts
    const options = { length, sampling: greedy, seed: 1 } as const
    let opened: TestModel
    beforeAll(() => {
      opened = openTestModel(fileURLToPath(directory))
    })
    afterAll(() => opened.close())

    it('writes across the boundary what transformers writes, from prompts of several lengths at once', async () => {
      const prompts = texts.map(({ prompt }) => ({ ids: prompt }))
      expect(await generateTexts(opened.model, prompts, options)).toEqual(
        texts.map(({ text }) => text),
      )
    })

    it('writes the same from each prompt alone', async () => {
      for (const { prompt, text } of texts)
        expect(await generateTexts(opened.model, [{ ids: prompt }], options)).toEqual([text])
    })
  },
)

describe('sampling', () => {
  let opened: TestModel
  beforeAll(() => {
    opened = openTestModel(fileURLToPath(new URL(models.gpt2, engine)))
  })
  afterAll(() => opened.close())

  const topFive = { kind: 'top-k', k: 5 } as const
  const prompts = [{ ids: [1, 2, 3] }, { ids: [4, 5, 6] }, { ids: [7] }]
  const run = (seed: number, asked: readonly { ids: number[]; label?: string }[] = prompts) =>
    generateTexts(opened.model, asked, { length: 20, sampling: topFive, seed })

  it('repeats itself with the seed and not with another', async () => {
    const texts = await run(7)
    expect(await run(7)).toEqual(texts)
    expect(await run(8)).not.toEqual(texts)
  })

  it('draws for a prompt the same whatever stands beside it', async () => {
    const [, second] = await run(7)
    expect(await run(7, [{ ids: [4, 5, 6] }])).toEqual([second])
  })

  it('gives two copies of a prompt their own texts when they are labelled', async () => {
    const [a, b] = await run(7, [
      { ids: [1, 2, 3], label: 'a' },
      { ids: [1, 2, 3], label: 'b' },
    ])
    expect(a).not.toEqual(b)
  })

  it('draws each of the five most probable tokens, and no other, about as often as it is probable', async () => {
    const asked = Array.from({ length: 400 }, (_, index) => ({ ids: [1, 2, 3], label: `${index}` }))
    const options = { length: 4, sampling: topFive, seed: 3 }
    const texts = await generateTexts(opened.model, asked, options)
    const counts = new Map<number, number>()
    for (const [id] of texts) counts.set(id as number, (counts.get(id as number) ?? 0) + 1)
    expect(counts.size).toBe(5)
    const [likeliest] = await nextTokens(opened.model, [[1, 2, 3]])
    expect(Math.max(...counts.values())).toBeLessThan(400)
    expect(counts.get((likeliest as { id: number }).id)).toBeGreaterThan(400 / 5 - 40)
  })

  it('ends a text before a stop token and goes on with the others', async () => {
    const asked = [{ ids: [1, 2, 3] }, { ids: [4, 5, 6] }]
    const options = { length: 12, sampling: { kind: 'greedy' }, seed: 1 } as const
    const [whole, other] = await generateTexts(opened.model, asked, options)
    const stop = (whole as number[])[2] as number
    const stopTokens = [stop]
    const [cut, rest] = await generateTexts(opened.model, asked, { ...options, stopTokens })
    expect(cut).toEqual((whole as number[]).slice(0, (whole as number[]).indexOf(stop)))
    const end = (other as number[]).indexOf(stop)
    expect(rest).toEqual(end < 0 ? other : (other as number[]).slice(0, end))
  })

  it('leaves a prompt alone that is long enough, and refuses what it cannot do by name', async () => {
    const options = { length: 3, sampling: greedy, seed: 1 }
    expect(await generateTexts(opened.model, [{ ids: [1, 2, 3] }], options)).toEqual([[]])
    await expect(generateTexts(opened.model, [{ ids: [] }], options)).rejects.toMatchObject({
      code: 'PROMPT_EMPTY',
    })
    await expect(
      generateTexts(opened.model, [{ ids: [1] }], { ...options, length: 1e6 }),
    ).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG' })
    await expect(
      generateTexts(opened.model, [{ ids: [1] }], {
        ...options,
        sampling: { kind: 'top-k', k: 0 },
      }),
    ).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })

  it('stops between steps when it is cancelled, and says how far it is', async () => {
    const controller = new AbortController()
    const shares: number[] = []
    const running = generateTexts(opened.model, [{ ids: [1] }], {
      length: 20,
      sampling: greedy,
      seed: 1,
      signal: controller.signal,
      onProgress: (done) => {
        shares.push(done)
        if (shares.length === 3) controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(shares).toEqual([1 / 19, 2 / 19, 3 / 19])
  })
})
