// The lens on random GPT-2 checkpoints against what PyTorch recorded: numbers to 1e-5, ids and ranks exactly.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { relativeError, compareTensors } from '../testing/compare-tensors.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import {
  goldenLenses,
  goldenRows,
  NOT_COMPARED,
  readGoldens,
  type Golden,
  type GoldenCase,
} from '../testing/read-golden.js'
import type { LensKind, LensRequest, LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

/** Bound on ||a - b|| / ||b||; PyTorch's own float32 errs by up to 2.1e-6 on these checkpoints. */
const TOLERANCE = 1e-5

const SHARED_INPUT = ['attention.query', 'attention.key', 'attention.value']

function requestOf(golden: GoldenCase, lens: LensKind): LensRequest {
  return {
    prompt: { ids: golden.promptIds },
    target: { ids: golden.targetIds },
    targetMode: golden.mode,
    lens,
    vectors: true,
  }
}

/** Compares ids or ranks wherever the reference is sure of them. */
function expectSameIntegers(
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  what: string,
): void {
  expect(actual.length, what).toBe(reference.length)
  const masked = Array.from(reference, (value, at) =>
    value === NOT_COMPARED ? NOT_COMPARED : actual[at],
  )
  expect(masked, what).toEqual(Array.from(reference))
}

describe.each(readGoldens())('$name', (golden) => {
  let opened: TestModel
  const results = new Map<string, LensResult>()

  beforeAll(async () => {
    opened = openTestModel(golden.directory, { provider: 'cpu', threads: 1 })
    for (const lens of goldenLenses) {
      for (const one of golden.cases) {
        const [result] = await runLens(opened.model, [requestOf(one, lens)])
        results.set(`${one.name}/${lens}`, result as LensResult)
      }
    }
  })
  afterAll(() => opened.close())

  test('the factors predict directional derivatives of the loss', () => {
    const errors = golden.cases
      .flatMap((one) => resultOf(one).gradientCheck.map(({ relativeError }) => relativeError))
      .sort((a, b) => a - b)
    expect(errors).toHaveLength(golden.cases.length * 6)
    // The loss of a random model is far from linear along some directions, and ReLU has kinks.
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(1e-3)
    expect(errors.at(-1)).toBeLessThan(0.2)
  })

  const resultOf = (one: GoldenCase, lens: LensKind = 'raw'): LensResult =>
    results.get(`${one.name}/${lens}`) as LensResult

  describe.each([...golden.cases])('$name', (one) => {
    test('loss, ranked target, answer and next tokens', () => checkOutcome(resultOf(one), one))
    test('X and Delta of every matrix', () => checkVectors(resultOf(one), golden, one))
    test('norms and masked rows', () => checkNorms(resultOf(one), golden, one))
    test('numerical rank of every gradient', () => checkRanks(resultOf(one), one))
    test('imprint and shift', () => checkImprint(resultOf(one), golden, one))
    test.each(goldenLenses)('projections through the %s lens', (lens) => {
      checkProjections(resultOf(one, lens), golden, one, lens)
    })
  })
})

function checkOutcome(result: LensResult, one: GoldenCase): void {
  expect(relativeError([result.loss], [one.loss])).toBeLessThan(TOLERANCE)
  expect(result.promptLength).toBe(one.promptIds.length)
  const input = one.mode === 'sequence' ? one.targetIds.slice(0, -1) : []
  expect(result.tokens.map(({ id }) => id)).toEqual([...one.promptIds, ...input])
  expect(result.target.ranked.id).toBe(one.rankedTarget)
  expect(result.answer.id).toBe(one.answer)
  const next = result.next.slice(0, one.next.ids.length)
  expectSameIntegers(
    next.map(({ id }) => id),
    one.next.ids,
    'next tokens',
  )
  expect(relativeError(pluck(next, 'logit'), one.next.logits)).toBeLessThan(TOLERANCE)
  expect(relativeError(pluck(next, 'probability'), one.next.probabilities)).toBeLessThan(1e-4)
}

const pluck = <Key extends string>(rows: readonly Record<Key, number>[], key: Key): number[] =>
  rows.map((row) => row[key])

function checkVectors(result: LensResult, golden: Golden, one: GoldenCase): void {
  expect(result.vectors).toHaveLength(one.gradientRank.length)
  for (const { layer, matrix, input, inputWidth, vjp, vjpWidth } of result.vectors) {
    const place = `${one.name}.layers.${layer}`
    const inputName = SHARED_INPUT.includes(matrix) ? 'attention.input' : `${matrix}.input`
    const reference = {
      input: golden.tensor(`${place}.${inputName}`),
      vjp: golden.tensor(`${place}.${matrix}.vjp`),
    }
    expect([inputWidth, vjpWidth]).toEqual([reference.input.shape[1], reference.vjp.shape[1]])
    for (const [actual, { values, shape }] of [
      [input, reference.input],
      [vjp, reference.vjp],
    ] as const) {
      const difference = compareTensors(actual, values, shape[1] as number)
      expect(difference.relativeError, `${place}.${matrix}`).toBeLessThan(TOLERANCE)
      expect(difference.largestInZeroRows, `${place}.${matrix}`).toBe(0)
    }
  }
}

function checkNorms(result: LensResult, golden: Golden, one: GoldenCase): void {
  const masked = golden.tensor(`${one.name}.masked`)
  const vectorsOf = new Map(result.vectors.map((row) => [`${row.layer}.${row.matrix}`, row]))
  for (const cells of result.matrices) {
    const start = (cells.layer * 7 + goldenRows.indexOf(cells.matrix)) * cells.positions
    const expected = masked.values.slice(start, start + cells.positions)
    expect([...cells.masked], `${cells.layer}.${cells.matrix}`).toEqual([...expected])
    const vectors = vectorsOf.get(`${cells.layer}.${cells.matrix}`)
    if (vectors === undefined) throw new RangeError(`no vectors of ${cells.matrix}`)
    expect(
      relativeError(cells.inputNorm, rowNorms(vectors.input, vectors.inputWidth)),
    ).toBeLessThan(1e-6)
    expect(relativeError(cells.vjpNorm, rowNorms(vectors.vjp, vectors.vjpWidth))).toBeLessThan(1e-6)
  }
}

function rowNorms(values: Float32Array, width: number): number[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Math.hypot(...values.subarray(row * width, (row + 1) * width)),
  )
}

function checkRanks(result: LensResult, one: GoldenCase): void {
  expect(result.gradientRank).toHaveLength(one.gradientRank.length)
  for (const expected of one.gradientRank) {
    const found = result.gradientRank.find(
      ({ layer, matrix }) => layer === expected.layer && matrix === expected.matrix,
    )
    const place = `layer ${expected.layer} ${expected.matrix}`
    expectSameIntegers([found?.rank ?? NaN], [expected.rank], place)
    for (const key of ['largestSingularValue', 'tolerance'] as const) {
      expect(relativeError([found?.[key] ?? NaN], [expected[key]]), place).toBeLessThan(TOLERANCE)
    }
  }
}

function checkImprint(result: LensResult, golden: Golden, one: GoldenCase): void {
  expect(result.imprint.map(({ layer }) => layer)).toEqual(layersOf(one))
  for (const imprint of result.imprint) {
    const tensor = (name: string) => golden.tensor(`${one.name}.layers.${imprint.layer}.${name}`)
    for (const kind of ['own', 'full'] as const) {
      const count = tensor(`${kind}Ids`).shape[1] as number
      const kept = Math.min(count, imprint.neurons)
      const ours = <Row>(values: ArrayLike<Row>): Row[] =>
        firstOfRows(values, imprint.neurons, kept)
      const theirs = (name: string): number[] => firstOfRows(tensor(name).values, count, kept)
      expectSameIntegers(ours(imprint[`${kind}Ids`]), theirs(`${kind}Ids`), `${kind} neurons`)
      const change = compareTensors(ours(imprint[`${kind}Change`]), theirs(`${kind}Change`), kept)
      expect(change.relativeError).toBeLessThan(TOLERANCE)
      expect(change.largestInZeroRows).toBe(0)
    }
    for (const name of ['shiftOwnNorm', 'shiftFullNorm', 'shiftTargetLogit'] as const) {
      expect(relativeError(imprint[name], tensor(name).values), name).toBeLessThan(TOLERANCE)
    }
  }
}

const layersOf = (one: GoldenCase): number[] => [
  ...new Set(one.gradientRank.map(({ layer }) => layer)),
]

function firstOfRows<Row>(values: ArrayLike<Row>, width: number, count: number): Row[] {
  return Array.from(values).filter((_, at) => at % width < count)
}

function checkProjections(
  result: LensResult,
  golden: Golden,
  one: GoldenCase,
  lens: LensKind,
): void {
  for (const cells of result.matrices) {
    checkCells(cells, packedReference(golden, one, lens, cells.layer, cells.matrix))
  }
  expect(result.hiddenStates.map(({ layer }) => layer)).toEqual(layersOf(one))
  for (const cells of result.hiddenStates) {
    // The logit lens of hidden states is the ordinary one whatever lens reads the factors.
    checkCells(cells, packedReference(golden, one, 'final-norm', cells.layer, 'hidden'))
    const hidden = golden.tensor(`${one.name}.layers.${cells.layer}.hidden`)
    const norms = rowNorms(Float32Array.from(hidden.values), hidden.shape[1] as number)
    expect(relativeError(cells.norm, norms)).toBeLessThan(TOLERANCE)
  }
}

interface PackedReference {
  readonly place: string
  readonly masked: readonly boolean[]
  integers(name: string): readonly number[]
  numbers(name: string): readonly number[]
}

/** Slices of the golden's packed tensors that belong to one matrix of one layer. */
function packedReference(
  golden: Golden,
  one: GoldenCase,
  lens: LensKind,
  layer: number,
  row: (typeof goldenRows)[number],
): PackedReference {
  const slice = (name: string): number[] => {
    const { shape, values } = golden.tensor(`${one.name}.${name}`)
    const size = shape.slice(2).reduce((product, length) => product * length, 1)
    const start = (layer * goldenRows.length + goldenRows.indexOf(row)) * size
    return [...values.slice(start, start + size)]
  }
  const vjpRow = row === 'attention.output' || row === 'mlp.down'
  return {
    place: `${one.name} ${lens} layer ${layer} ${row}`,
    masked: slice('masked').map((value) => vjpRow && value === 1),
    integers: (name) => slice(`${lens}.${name}`),
    numbers: (name) => slice(`${lens}.${name}`),
  }
}

type Projected = Pick<
  LensResult['matrices'][number],
  | 'k'
  | 'targetRank'
  | 'answerRank'
  | 'topIds'
  | 'topLogits'
  | 'topProbabilities'
  | 'bottomIds'
  | 'bottomLogits'
  | 'bottomProbabilities'
>

function checkCells(cells: Projected, reference: PackedReference): void {
  const { place, masked } = reference
  expectSameIntegers(cells.targetRank, reference.integers('targetRank'), `${place} target`)
  expectSameIntegers(cells.answerRank, reference.integers('answerRank'), `${place} answer`)
  const normalizers = reference.numbers('normalizer')
  for (const end of ['top', 'bottom'] as const) {
    expectSameIntegers(cells[`${end}Ids`], reference.integers(`${end}Ids`), `${place} ${end}`)
    const logits = reference.numbers(`${end}Logits`)
    const live = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, at) => masked[Math.floor(at / cells.k)] !== true)
    const probabilities = logits.map((logit, at) =>
      Math.exp(logit - (normalizers[Math.floor(at / cells.k)] as number)),
    )
    expect(
      compareTensors(live(cells[`${end}Logits`]), live(logits), cells.k).relativeError,
      `${place} ${end} logits`,
    ).toBeLessThan(TOLERANCE)
    expect(
      compareTensors(live(cells[`${end}Probabilities`]), live(probabilities), cells.k)
        .relativeError,
      `${place} ${end} probabilities`,
    ).toBeLessThan(1e-4)
  }
}
