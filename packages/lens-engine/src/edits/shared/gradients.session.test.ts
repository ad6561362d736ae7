// Every gradient of a pass against central differences of its own loss.
import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestModel } from '../../testing/open-test-model.js'
import { makeTinyGpt2 } from '../../testing/random-gpt2.js'
import { createRandom } from '../../tensor/seeded-random.js'
import { addressKey, denseDelta, lowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import { EditLab } from './edit-lab.js'
import { siteName, type DeltaSite, type DivergenceDirection } from './pass-plan.js'
import type { PassRequest } from './pass-request.js'

const directory = makeTinyGpt2({ layers: 2 })
const { model, close } = openTestModel(directory)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const lab = new EditLab(model)
const random = createRandom(3)
const down = { layer: 0, matrix: 'mlp.down' } as const
const up = { layer: 1, matrix: 'mlp.up' } as const
const STEP = 2e-3

const logProbabilities = (): Float32Array => {
  const logits = random.normals(model.shape.vocabularySize)
  const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0))
  return logits.map((value) => value - total)
}

const request: PassRequest = {
  sequences: [
    {
      ids: [4, 8, 15, 16],
      scored: [
        { position: 3, tokens: [23, 42], weights: [0.5, 2] },
        { position: 2, tokens: [7] },
      ],
      vectors: [{ vector: 0, position: 1 }],
    },
    {
      ids: [23, 42],
      scored: [{ position: 1, tokens: [1] }],
      diverging: [{ position: 0, base: logProbabilities(), weight: 1.5 }],
      vectors: [
        { vector: 1, position: 0 },
        { vector: 0, position: 1 },
      ],
    },
  ],
  head: ['nll'],
  divergence: 'current-base',
}

const lossOf = async (one: PassRequest): Promise<number> =>
  (await lab.run({ ...one, factors: [up] })).loss ?? Number.NaN

/** The derivative of the loss along a direction of one array, measured. */
async function measure(
  make: (values: Float32Array) => PassRequest,
  values: Float32Array,
  direction: Float32Array,
): Promise<number> {
  const at = (step: number): Promise<number> =>
    lossOf(make(values.map((value, index) => value + step * (direction[index] as number))))
  const near = (await at(STEP)) - (await at(-STEP))
  const far = (await at(2 * STEP)) - (await at(-2 * STEP))
  return (8 * near - far) / (12 * STEP)
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)

const expectSame = (measured: number, predicted: number): void => {
  expect(Math.abs(measured - predicted)).toBeLessThan(0.01 * Math.abs(predicted) + 2e-3)
  expect(Math.abs(predicted)).toBeGreaterThan(1e-3)
}

describe.each<DivergenceDirection>(['current-base', 'base-current'])(
  'vectors, %s',
  (divergence) => {
    it('have the gradient that a step along them shows', async () => {
      const values = [random.normals(16, 0.2), random.normals(16, 0.2)]
      const make =
        (index: number) =>
        (changed: Float32Array): PassRequest => ({
          ...request,
          divergence,
          vectors: {
            at: down,
            values: values.map((one, place) => (place === index ? changed : one)),
          },
        })
      const { vectorGradients } = await lab.run({ ...make(0)(values[0]!), vectorGradient: true })
      for (const index of [0, 1]) {
        const direction = random.normals(16)
        const measured = await measure(make(index), values[index]!, direction)
        expectSame(measured, dot(vectorGradients[index]!, direction))
      }
    })
  },
)

const [width, out] = lab.widths(up)
const lowRank = lowRankDelta({
  address: up,
  rank: 2,
  u: random.normals(width * 2, 0.2),
  v: random.normals(2 * out, 0.2),
})
const dense = denseDelta({
  address: up,
  inputWidth: width,
  values: random.normals(width * out, 0.05),
  bias: random.normals(out, 0.1),
})

describe('deltas shared by all sequences', () => {
  const cases: readonly [string, MatrixDelta, DeltaSite['part'], 'u' | 'v' | 'values' | 'bias'][] =
    [
      ['U', lowRank, 'low-rank', 'u'],
      ['V', lowRank, 'low-rank', 'v'],
      ['a matrix', dense, 'dense', 'values'],
      ['a bias', dense, 'bias', 'bias'],
    ]

  it.each(cases)('%s has the gradient that a step shows', async (_name, delta, part, field) => {
    const site: DeltaSite = { address: up, tier: 'shared', part }
    const make = (values: Float32Array): PassRequest => ({
      ...request,
      deltas: [{ ...delta, [field]: values } as MatrixDelta],
    })
    const values = (delta as unknown as Record<string, Float32Array>)[field]!
    const { gradients } = await lab.run({ ...make(values), gradients: [site] })
    const gradient = gradients.get(siteName(site))!
    const found = field === 'u' || field === 'v' ? gradient[field] : gradient.values
    const direction = random.normals(values.length)
    expectSame(await measure(make, values, direction), dot(found!, direction))
  })
})

describe('deltas of each sequence', () => {
  it('have gradients of their own that add up to the shared one', async () => {
    const shared: DeltaSite = { address: up, tier: 'shared', part: 'dense' }
    const each: DeltaSite = { ...shared, tier: 'each' }
    const together = await lab.run({ ...request, deltas: [dense], gradients: [shared] })
    const apart = await lab.run({
      ...request,
      sequences: request.sequences.map((one) => ({ ...one, deltas: [dense] })),
      gradients: [each],
    })
    const total = together.gradients.get(siteName(shared))?.values as Float32Array
    const parts = apart.sequences.map(({ gradients }) => gradients.get(siteName(each))?.values)
    expect(parts).toHaveLength(2)
    total.forEach((value, index) => {
      expect((parts[0]?.[index] ?? 0) + (parts[1]?.[index] ?? 0)).toBeCloseTo(value, 4)
    })
  })
})

describe('factors', () => {
  it('are X and Delta: their product is the gradient of the matrix', async () => {
    const site: DeltaSite = { address: up, tier: 'shared', part: 'dense' }
    const { gradients, sequences } = await lab.run({
      ...request,
      deltas: [dense],
      gradients: [site],
      factors: [up],
    })
    const expected = gradients.get(siteName(site))?.values as Float32Array
    const product = new Float64Array(width * out)
    for (const { factors } of sequences) {
      const { input, vjp, positions } = factors.get(addressKey(up))!
      for (let row = 0; row < positions; row++) {
        for (let i = 0; i < width; i++) {
          for (let j = 0; j < out; j++) {
            product[i * out + j]! += input[row * width + i]! * vjp[row * out + j]!
          }
        }
      }
    }
    expected.forEach((value, index) => expect(product[index]).toBeCloseTo(value, 3))
  })
})
