import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { nextTokens } from '../../lens/next-tokens.js'
import { openTestModel } from '../../testing/open-test-model.js'
import { makeTinyGpt2 } from '../../testing/random-gpt2.js'
import { createRandom } from '../../tensor/seeded-random.js'
import { denseDelta, denseValues, lowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import { EditLab } from './edit-lab.js'
import type { PassSequence } from './pass-request.js'

const directory = makeTinyGpt2({ layers: 3 })
const { model, close } = openTestModel(directory)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const lab = new EditLab(model)
const random = createRandom(7)
const down = { layer: 1, matrix: 'mlp.down' } as const
const query = { layer: 0, matrix: 'attention.query' } as const
const ids = [5, 17, 3, 42, 8]
const sequence: PassSequence = { ids, scored: [{ position: 4, tokens: [9, 11] }] }

const randomDelta = (
  address: typeof down | typeof query,
  rank: number,
  scale = 0.3,
): MatrixDelta => {
  const [width, out] = lab.widths(address)
  const bias = random.normals(out, scale)
  const [u, v] = [random.normals(width * rank, scale), random.normals(rank * out, scale)]
  return lowRankDelta({ address, rank, u, v, bias })
}

const asDense = (delta: MatrixDelta): MatrixDelta =>
  denseDelta({
    address: delta.address,
    inputWidth: delta.inputWidth,
    values: denseValues(delta),
    bias: delta.bias,
  })

async function nllUnder(deltas: readonly MatrixDelta[], base: readonly MatrixDelta[] = []) {
  const { sequences } = await new EditLab(model, { base }).run({
    sequences: [{ ...sequence, deltas }],
    head: ['nll'],
  })
  return Array.from(sequences[0]?.scored[0]?.nll ?? [])
}

const expectClose = (actual: readonly number[], expected: readonly number[], digits = 4): void => {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index] as number, digits))
}

describe('a pass without deltas', () => {
  it('is the base model, for every sequence of an uneven batch', async () => {
    const prompts = [ids, [1], [7, 7, 9], ids.slice(1)]
    const reference = await nextTokens(model, prompts)
    const { sequences } = await lab.run({
      sequences: prompts.map((prompt, index) => ({
        ids: prompt,
        scored: [{ position: prompt.length - 1, tokens: [reference[index]?.id ?? 0] }],
      })),
      head: ['nll', 'argmax'],
    })
    sequences.forEach(({ scored }, index) => {
      expect(scored[0]?.argmax).toBe(reference[index]?.id)
      const probability = Math.exp(-(scored[0]?.nll?.[0] ?? 0))
      expect(probability).toBeCloseTo(reference[index]?.probability ?? 0, 5)
    })
  })

  it('begins at any layer from the residual stream before it', async () => {
    const places = [0, 1, 2, 3, 4]
    const first = await lab.run({ sequences: [{ ids, captured: places }], residuals: [0] })
    const rows = first.sequences[0]?.residuals.get(0) ?? []
    const before = Float32Array.from(rows.flatMap((row) => Array.from(row)))
    const { sequences } = await lab.run({
      sequences: [{ ...sequence, before }],
      fromLayer: 1,
      head: ['nll'],
    })
    expectClose(Array.from(sequences[0]?.scored[0]?.nll ?? []), await nllUnder([]), 6)
  })

  it('reads no layer above what is asked', async () => {
    const probe = new EditLab(model)
    await probe.run({ sequences: [{ ids, captured: [2] }], inputs: [query] })
    await probe.run({ sequences: [{ ids, captured: [2] }], inputs: [down] })
    expect(probe.graphDigests).toHaveLength(2)
    expect(probe.cost).toEqual({ forwardPasses: 2, backwardPasses: 0, sequences: 2, tokens: 10 })
  })
})

describe('deltas', () => {
  const [first, second, third] = [randomDelta(down, 2), randomDelta(query, 1), randomDelta(down, 1)]

  it('change the same numbers as factors, as a matrix, and as the base of a lab', async () => {
    const expected = await nllUnder([first, second])
    const [base, change] = [await nllUnder([]), expected]
    expect(Math.abs((base[0] ?? 0) - (change[0] ?? 0))).toBeGreaterThan(0.01)
    expectClose(await nllUnder([asDense(first), asDense(second)]), expected)
    expectClose(await nllUnder([], [first, second]), expected)
    expectClose(await nllUnder([second], [asDense(first)]), expected)
    expectClose(await nllUnder([second, first]), expected)
  })

  it('are each sequence its own within one batch', async () => {
    const stacks = [[], [first], [second, third], [asDense(third)], [first, third]]
    const { sequences } = await lab.run({
      sequences: stacks.map((deltas) => ({ ...sequence, deltas })),
      head: ['nll'],
    })
    for (const [index, stack] of stacks.entries()) {
      const together = Array.from(sequences[index]?.scored[0]?.nll ?? [])
      expectClose(together, await nllUnder(stack), 5)
    }
  })

  it('give bit-equal numbers when they are taken back and applied again', async () => {
    const [base, edited] = [await nllUnder([]), await nllUnder([first])]
    expect(await nllUnder([])).toEqual(base)
    expect(await nllUnder([first])).toEqual(edited)
  })

  it('that do not fit the matrix are refused by name', async () => {
    const wrong = lowRankDelta({
      address: down,
      rank: 1,
      u: new Float32Array(3),
      v: new Float32Array(16),
    })
    await expect(nllUnder([wrong])).rejects.toThrow(/layers\.1\.mlp\.down is \[3, 16\]/)
    expect(() => lab.widths({ layer: 3, matrix: 'mlp.down' })).toThrow(
      /no matrix mlp.down in layer 3/,
    )
    expect(() => lab.widths({ layer: 0, matrix: 'mlp.gate' })).toThrow(/no matrix mlp.gate/)
  })
})

describe('large requests', () => {
  it('are cut into batches without changing results or sums of gradients', async () => {
    const sequences = Array.from({ length: 7 }, (_, index) => ({
      ids: ids.slice(0, 1 + (index % 5)),
      scored: [{ position: index % 5, tokens: [index] }],
      vectors: [{ vector: 0, position: 0 }],
    }))
    const vectors = { at: down, values: [random.normals(16, 0.1)] }
    const request = { sequences, vectors, head: ['nll'] as const, vectorGradient: true }
    const whole = await lab.run(request)
    const cut = new EditLab(model, { limits: { rows: 12 } })
    const parts = await cut.run(request)
    expect(cut.cost.backwardPasses).toBeGreaterThan(2)
    expect(parts.loss).toBeCloseTo(whole.loss ?? 0, 4)
    expectClose(
      Array.from(parts.vectorGradients[0] ?? []),
      Array.from(whole.vectorGradients[0] ?? []),
    )
    whole.sequences.forEach(({ scored }, index) => {
      const other = parts.sequences[index]?.scored[0]?.nll ?? []
      expectClose(Array.from(other), Array.from(scored[0]?.nll ?? []), 5)
    })
  })
})
