// Measurements of a vector with remembered beginnings against whole passes that pad their texts, in families with learned
// and rotary positions, without and with earlier edits.
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestModel } from '../../testing/open-test-model.js'
import { createRandom } from '../../tensor/seeded-random.js'
import { lowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import { EditLab } from './edit-lab.js'
import type { PassSequence } from './pass-request.js'
import { openValuePasses, type ValueText } from './value-passes.js'

const folder = (name: string): string =>
  fileURLToPath(new URL(`../../../goldens-memory-edits/${name}/`, import.meta.url))

describe.each(['gpt2', 'llama'])('%s', (name) => {
  const { model, close } = openTestModel(folder(name))
  afterAll(close)
  const { width, layers, vocabularySize } = model.shape
  const random = createRandom(3)
  const words = (length: number): number[] =>
    Array.from({ length }, () => Math.floor(random.nextFloat() * vocabularySize))

  /** Texts of uneven length, with lookups at the beginning, inside and at the end. */
  const texts: readonly ValueText[] = [
    { ids: words(7), lookup: 3, scored: [score(4, 0.5), score(6, 0.25)], divergence: 0 },
    { ids: words(2), lookup: 0, scored: [score(1, 0.3)], divergence: 0.2 },
    { ids: words(4), lookup: 3, scored: [], divergence: 0.7 },
    { ids: words(9), lookup: 5, scored: [score(5, 1)], divergence: 0 },
  ]

  function score(position: number, weight: number) {
    return { position, weight, token: words(1)[0] as number }
  }

  const edited = (layer: number): MatrixDelta => {
    const address = { layer, matrix: 'mlp.down' } as const
    const [inputs, outputs] = new EditLab(model).widths(address)
    const [u, v] = [random.normals(inputs, 0.3), random.normals(outputs, 0.3)]
    return lowRankDelta({ address, rank: 1, u, v })
  }

  /** The same loss, every text read whole each time. */
  async function wholePasses(lab: EditLab, layer: number, vector: Float32Array) {
    const { sequences: base } = await lab.run({
      sequences: texts.map(({ ids, lookup }) => ({
        ids,
        scored: [{ position: lookup, tokens: [0] }],
      })),
      head: ['log-probabilities'],
    })
    const sequences = texts.map((text, index): PassSequence => {
      const { ids, lookup, divergence: weight } = text
      const distribution = base[index]?.scored[0]?.logProbabilities as Float32Array
      return {
        ids,
        vectors: [{ vector: 0, position: lookup }],
        scored: text.scored.map(({ position, token, weight: share }) => ({
          position,
          tokens: [token],
          weights: [share],
        })),
        diverging: weight === 0 ? [] : [{ position: lookup, base: distribution, weight }],
      }
    })
    return lab.run({
      sequences,
      vectors: { at: { layer, matrix: 'mlp.down' }, values: [vector] },
      head: ['nll'],
      divergence: 'current-base',
      vectorGradient: true,
    })
  }

  it.each([
    ['the first layer', 0, []],
    ['a layer with others above', 1, []],
    ['the last layer', layers - 1, []],
    ['earlier edits below and above', 1, [0, 1, layers - 1]],
  ] as const)('%s', async (_, layer, changed) => {
    const lab = new EditLab(model, { base: changed.map(edited) })
    const passes = await openValuePasses(lab, texts, layer)
    for (const size of [0, 0.5, 3]) {
      const vector = random.normals(width, size)
      const found = await passes.measure(vector)
      const whole = await wholePasses(lab, layer, vector)
      expect(found.nll + found.kl).toBeCloseTo(whole.loss as number, 4)
      const wanted = whole.vectorGradients[0] as Float32Array
      const scale = Math.max(...wanted.map(Math.abs))
      found.gradient.forEach((slope, index) =>
        expect(Math.abs(slope - (wanted[index] as number))).toBeLessThan(1e-4 * scale + 1e-7),
      )
    }
  })

  it('measures many texts in several rows as it does in one', async () => {
    const long = Array.from({ length: 60 }, (_, index): ValueText => {
      const ids = words(20)
      return { ids, lookup: index % 15, scored: [score(ids.length - 1, 0.1)], divergence: 0.01 }
    })
    const vector = random.normals(width, 0.5)
    const measured = async (some: readonly ValueText[]) => {
      const lab = new EditLab(model)
      const found = await (await openValuePasses(lab, some, 0)).measure(vector)
      return { ...found, passes: lab.cost.forwardPasses }
    }
    const [all, first, second] = [
      await measured(long),
      await measured(long.slice(0, 25)),
      await measured(long.slice(25)),
    ]
    expect([all.passes, first.passes, second.passes]).toEqual([4, 2, 2])
    expect(all.nll).toBeCloseTo(first.nll + second.nll, 3)
    expect(all.kl).toBeCloseTo(first.kl + second.kl, 4)
    all.gradient.forEach((slope, index) =>
      expect(slope).toBeCloseTo(
        (first.gradient[index] as number) + (second.gradient[index] as number),
        4,
      ),
    )
  })

  it('says when a vector is too large', async () => {
    const passes = await openValuePasses(new EditLab(model), texts, 0)
    const vector = new Float32Array(width).fill(Number.NaN)
    await expect(passes.measure(vector)).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })
})
