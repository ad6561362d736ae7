// Covariances of keys against the x_i the lens reports, summed here in float64; resuming, reuse and damage.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openCorpus, type TextCorpus } from '../datasets/text-corpus.js'
import { runLens } from '../lens/run-lens.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { collectMoments, emptyMoments } from './collect-moments.js'
import { computeCovariances, findCovariance } from './covariance-store.js'
import { readCovariance } from './covariance-file.js'

const bundled = fileURLToPath(new URL('../../../../models/facts-gpt2', import.meta.url))
const facts = [
  'The capital of France is Paris.',
  'Vienna is the capital of Austria, and Lisbon that of Portugal.',
  'Berlin',
  'The currency of Gambia is the dalasi.',
]

describe('key covariances', () => {
  let opened: TestModel
  let home: string
  let corpus: TextCorpus

  beforeAll(() => {
    opened = openTestModel(bundled)
  })
  afterAll(() => opened.close())
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'imprint-covariance-'))
    corpus = writeCorpus(facts)
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  function writeCorpus(documents: readonly string[]): TextCorpus {
    const path = join(home, 'corpus.txt')
    writeFileSync(path, documents.join('\n'))
    return openCorpus(path)
  }

  /** E[k k^T] from the lens' own x_i, one document at a time. */
  async function reference(layer: number, documents: readonly string[]): Promise<Float64Array> {
    let sum = new Float64Array(0)
    let rows = 0
    for (const text of documents) {
      const [result] = await runLens(opened.model, [
        { prompt: { text }, target: { text: ' Paris' }, vectors: true, gradientCheck: false },
      ])
      const vectors = result?.vectors.find(
        (one) => one.layer === layer && one.matrix === 'mlp.down',
      )
      if (vectors === undefined) throw new Error('the lens gave no vectors')
      const { input, inputWidth: width } = vectors
      if (sum.length === 0) sum = new Float64Array(width * width)
      for (let start = 0; start < input.length; start += width, rows++) {
        for (let a = 0; a < width; a++) {
          for (let b = 0; b < width; b++) {
            sum[a * width + b] =
              (sum[a * width + b] as number) +
              (input[start + a] as number) * (input[start + b] as number)
          }
        }
      }
    }
    return sum.map((value) => value / rows)
  }

  it('are the mean of k k^T over every token, padding left out', async () => {
    const [third, sixth] = await computeCovariances(opened.model, { home, corpus, layers: [3, 6] })
    for (const [one, layer] of [
      [third, 3],
      [sixth, 6],
    ] as const) {
      const stored = readCovariance(one?.path as string)
      const wanted = await reference(layer, facts)
      const scale = wanted.reduce((most, value) => Math.max(most, value), 0)
      const worst = wanted.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (stored.values[at] as number))),
        0,
      )
      expect(worst / scale).toBeLessThan(1e-6)
      const count = facts.reduce(
        (sum, text) => sum + (opened.model.tokenizer?.encode(text).length ?? 0),
        0,
      )
      expect(stored.receipt).toMatchObject({
        layer,
        tokens: count,
        documents: 4,
        matrix: 'mlp.down',
      })
    }
    expect(third?.warnings[0]).toMatch(/close to singular/)
  })

  it('are computed once and found again, the one from most tokens first', async () => {
    await computeCovariances(opened.model, { home, corpus: writeCorpus(['Berlin']), layers: [2] })
    corpus = writeCorpus(facts)
    const [first] = await computeCovariances(opened.model, { home, corpus, layers: [2] })
    const [again] = await computeCovariances(opened.model, { home, corpus, layers: [2] })
    expect([first?.reused, again?.reused]).toEqual([false, true])
    const found = findCovariance(home, opened.model, { layer: 2, matrix: 'mlp.down' })
    expect(found.receipt.documents).toBe(4)
  })

  it('end with the same bytes when they were interrupted', async () => {
    const documents = Array.from({ length: 520 }, (_, index) => facts[index % 4] as string)
    corpus = writeCorpus(documents)
    const options = { corpus, layers: [1] }
    const whole = await computeCovariances(opened.model, { ...options, home: join(home, 'whole') })
    const controller = new AbortController()
    const seen: number[] = []
    const interrupted = computeCovariances(opened.model, {
      ...options,
      home: join(home, 'cut'),
      signal: controller.signal,
      onProgress: ({ documents: count }) => {
        seen.push(count)
        controller.abort()
      },
    })
    await expect(interrupted).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(seen).toEqual([256])
    const after: number[] = []
    const resumed = await computeCovariances(opened.model, {
      ...options,
      home: join(home, 'cut'),
      onProgress: ({ documents: count }) => after.push(count),
    })
    expect(after).toEqual([512, 520])
    expect(readFileSync(resumed[0]?.path as string)).toEqual(readFileSync(whole[0]?.path as string))
  })

  it('begin anew when the checkpoint is damaged', async () => {
    const moments = emptyMoments(opened.model, { matrix: 'mlp.down', layers: [0] })
    const options = { matrix: 'mlp.down', layers: [0], documentTokens: 64 } as const
    await collectMoments(opened.model, corpus, moments, options)
    const { readCheckpoint, writeCheckpoint } = await import('./moment-checkpoint.js')
    const path = join(home, 'checkpoint')
    writeCheckpoint(path, 'settings', moments)
    const fresh = () => emptyMoments(opened.model, { matrix: 'mlp.down', layers: [0] })
    expect(readCheckpoint(path, 'settings', fresh())).toBe(true)
    expect(readCheckpoint(path, 'other settings', fresh())).toBe(false)
    const bytes = readFileSync(path)
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] as number) ^ 1
    writeFileSync(path, bytes)
    expect(readCheckpoint(path, 'settings', fresh())).toBe(false)
    writeFileSync(path, 'no checkpoint')
    expect(readCheckpoint(path, 'settings', fresh())).toBe(false)
  })

  it('are refused by name when absent, damaged or impossible', async () => {
    const address = { layer: 2, matrix: 'mlp.down' } as const
    const find = () => findCovariance(home, opened.model, address)
    expect(find).toThrow(
      expect.objectContaining({
        code: 'KEY_COVARIANCE_MISSING',
        cure: expect.stringContaining('lens stats --model facts-gpt2 --layers 2') as string,
      }),
    )
    const [one] = await computeCovariances(opened.model, { home, corpus, layers: [2] })
    const path = one?.path as string
    cpSync(join(bundled, 'model.safetensors'), path)
    expect(find).toThrow(/no key covariance/)
    writeFileSync(path, 'short')
    expect(() => readCovariance(path)).toThrow(/key covariance/)
    const layers = [99]
    await expect(computeCovariances(opened.model, { home, corpus, layers })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    const empty = computeCovariances(opened.model, { home, corpus: writeCorpus(['']), layers: [0] })
    await expect(empty).rejects.toMatchObject({ code: 'CORPUS_INVALID' })
  })
})
