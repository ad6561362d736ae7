// The lens on random checkpoints of every family besides GPT-2, against what PyTorch recorded.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { architectures } from '../architectures/registry.js'
import { relativeError } from '../testing/compare-tensors.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { NOT_COMPARED, readGoldens, type GoldenCase } from '../testing/read-golden.js'
import type { LensResult, PackedCells } from './lens-result.js'
import { runLens } from './run-lens.js'

/** Bound on ||a - b|| / ||b||; the references keep norms and rotary tables in float32 even where all else is float64. */
const TOLERANCE = 1e-5

const goldens = readGoldens('goldens-families')

function expectSame(actual: ArrayLike<number>, reference: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(reference.length)
  const compared = Array.from(reference, (value, at) =>
    value === NOT_COMPARED ? NOT_COMPARED : actual[at],
  )
  expect(compared, what).toEqual(Array.from(reference))
}

describe.each(goldens)('$name', (golden) => {
  let opened: TestModel
  const results = new Map<string, LensResult>()

  beforeAll(async () => {
    opened = openTestModel(golden.directory, { provider: 'cpu', threads: 1 })
    const requests = golden.cases.map((one) => ({
      prompt: { ids: one.promptIds },
      target: { ids: one.targetIds },
      targetMode: one.mode,
      vectors: true,
    }))
    const computed = await runLens(opened.model, requests)
    golden.cases.forEach((one, index) => results.set(one.name, computed[index] as LensResult))
  })
  afterAll(() => opened.close())

  const resultOf = (one: GoldenCase): LensResult => results.get(one.name) as LensResult

  test.each(golden.cases)('$name: loss and answer', (one) => {
    const result = resultOf(one)
    expect(Math.abs(result.loss - one.loss) / one.loss).toBeLessThan(1e-5)
    expect(result.answer.id).toBe(one.answer)
  })

  test.each(golden.cases)('$name: X and Delta of every matrix', (one) => {
    const { vectors } = resultOf(one)
    expect(vectors).toHaveLength(one.gradientRank.length)
    for (const { layer, matrix, input, vjp } of vectors) {
      const name = `${one.name}.layers.${layer}.${matrix}`
      const [x, delta] = [golden.tensor(`${name}.input`), golden.tensor(`${name}.vjp`)]
      expect(relativeError(input, x.values), `${name}.input`).toBeLessThan(TOLERANCE)
      const size = Math.hypot(...delta.values)
      if (size === 0) expect(Math.hypot(...vjp), `${name}.vjp`).toBe(0)
      else expect(relativeError(vjp, delta.values), `${name}.vjp`).toBeLessThan(TOLERANCE)
    }
  })

  test.each(golden.cases)('$name: both ends, ranks and gradient ranks', (one) => {
    const result = resultOf(one)
    for (const cells of result.matrices) expectSameCells(golden, one, cells)
    const expected = one.gradientRank.map(({ rank }) => rank)
    const actual = one.gradientRank.map(
      ({ layer, matrix }) =>
        result.gradientRank.find((row) => row.layer === layer && row.matrix === matrix)
          ?.rank as number,
    )
    expectSame(actual, expected, 'gradient rank')
  })

  test('the factors predict directional derivatives of the loss', () => {
    const errors = golden.cases
      .flatMap((one) => resultOf(one).gradientCheck)
      .map(({ relativeError: error }) => error)
      .sort((a, b) => a - b)
    expect(errors[Math.floor(0.75 * errors.length)]).toBeLessThan(1e-3)
    expect(errors.at(-1)).toBeLessThan(0.2)
  })
})

function expectSameCells(
  golden: (typeof goldens)[number],
  one: GoldenCase,
  cells: PackedCells,
): void {
  const name = `${one.name}.layers.${cells.layer}.${cells.matrix}`
  expectSame(cells.topIds, golden.tensor(`${name}.topIds`).values, `${name} top`)
  expectSame(cells.bottomIds, golden.tensor(`${name}.bottomIds`).values, `${name} bottom`)
  expectSame(cells.targetRank, golden.tensor(`${name}.targetRank`).values, `${name} rank`)
}

test('every family of the registry has a golden', () => {
  const recorded = new Set(goldens.map(({ name }) => name.split('-')[0]))
  const expected = architectures.map(
    ({ family }) => ({ gpt2: null, 'gpt-neox': 'neox' })[family] ?? family,
  )
  for (const family of expected.filter((name) => name !== 'gpt2'))
    expect(recorded).toContain(family)
})
