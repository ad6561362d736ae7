import { describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'
import { bootstrapStatistics } from './bootstrap.js'
import { exactMcNemar, holmAdjust, wilsonInterval } from './exact-tests.js'
import { publishedForms } from './interval.js'
import {
  compareMethods,
  estimateByRelation,
  estimateMethods,
  harmonicMean,
  summarizeMethods,
} from './method-table.js'
import type { MethodTable } from './table-entries.js'

const random = createRandom('method table')
const binary = (n: number, share: number): Float64Array =>
  Float64Array.from({ length: n }, () => (random.nextFloat() < share ? 100 : 0))
const spread = (n: number): Float64Array =>
  Float64Array.from({ length: n }, () => random.nextFloat() * 100)

function tableOf(columns: MethodTable['columns'], cases = columns[0]!.values.length): MethodTable {
  const length = columns[0]!.values.length
  return { cases, relations: Array.from({ length }, (_, index) => `R${index % 3}`), columns }
}

const codeOf = (act: () => unknown): string | null => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof LensEngineError ? error.code : 'untyped'
  }
}

describe('estimateMethods', () => {
  const options = { seed: 1, resamples: 1000 }

  it('repeats its numbers, and does not change them when other methods join the table', () => {
    const first = { method: 'a', metric: 'ES', values: binary(80, 0.7), success: 100 }
    const second = { method: 'b', metric: 'ES', values: binary(80, 0.2), success: 100 }
    const [alone] = estimateMethods(tableOf([first]), options)
    const [again] = estimateMethods(tableOf([first, second]), options)
    expect(again).toEqual(alone)
    expect(estimateMethods(tableOf([first]), { ...options, seed: 2 })[0]!.interval).not.toEqual(
      alone!.interval,
    )
  })

  it('divides by the cases found and states the missing ones', () => {
    const values = Float64Array.of(100, NaN, 0, 100, NaN)
    const [estimate] = estimateMethods(
      tableOf([{ method: 'a', metric: 'ES', values, success: 100 }], 7),
      options,
    )
    expect(estimate).toMatchObject({ n: 3, missing: 4 })
    expect(estimate!.mean).toBeCloseTo(200 / 3, 12)
    expect(estimate!.published!.n).toBe(3)
  })

  it('says not available without any value, never 0', () => {
    const values = new Float64Array(4).fill(NaN)
    const [estimate] = estimateMethods(
      tableOf([{ method: 'a', metric: 'RS', values, success: null }]),
      options,
    )
    expect(estimate).toMatchObject({ mean: null, interval: null, n: 0, missing: 4 })
  })

  it('says that a constant sample shows no spread, with Wilson as the honest interval', () => {
    const values = new Float64Array(50).fill(100)
    const [estimate] = estimateMethods(
      tableOf([{ method: 'a', metric: 'ES', values, success: 100 }]),
      options,
    )
    expect(estimate!.interval).toEqual({ low: 100, high: 100, method: 'constant' })
    expect(estimate!.wilson!.low).toBeCloseTo(92.865, 2)
    expect(estimate!.wilson!.high).toBe(100)
  })

  it('takes the harmonic mean of the three means, over cases that have all three', () => {
    const columns = ['ES', 'PS', 'NS'].map((metric) => ({
      method: 'a',
      metric,
      values: spread(60),
      success: null,
    }))
    columns[1]!.values[5] = NaN
    const combined = [{ metric: 'S', of: ['ES', 'PS', 'NS'], combine: harmonicMean }]
    const estimates = estimateMethods({ ...tableOf(columns), combined }, options)
    const score = estimates.find(({ metric }) => metric === 'S')!
    const means = columns.map(({ values }) => {
      const kept = [...values].filter((_, index) => index !== 5)
      return kept.reduce((sum, value) => sum + value, 0) / kept.length
    })
    expect(score.n).toBe(59)
    expect(score.mean).toBeCloseTo(3 / (1 / means[0]! + 1 / means[1]! + 1 / means[2]!), 10)
    expect(score.interval!.low).toBeLessThan(score.mean!)
    expect(score.published).toBeNull()
  })

  it('reproduces the published score of ROME on GPT-2 XL (ES 100, PS 96.4, NS 75.4: S 89.2)', () => {
    expect(harmonicMean([100, 96.4, 75.4])).toBeCloseTo(89.2, 1)
    expect(harmonicMean([100, 0, 75])).toBe(0)
  })

  it('covers the true mean about as often as it says (300 samples of 40)', () => {
    let covered = 0
    for (let trial = 0; trial < 300; trial++) {
      const values = Float64Array.from({ length: 40 }, () => -Math.log(1 - random.nextFloat()))
      const statistic = { columns: [0], of: (means: Float64Array) => means[0]! }
      const [result] = bootstrapStatistics([values], [statistic], { seed: trial, resamples: 400 })
      if (result!.interval.low <= 1 && result!.interval.high >= 1) covered++
    }
    expect(covered / 300).toBeGreaterThan(0.88)
    expect(covered / 300).toBeLessThan(0.99)
  })
})

describe('compareMethods', () => {
  const options = { seed: 3, resamples: 2000 }

  it('compares on shared cases only, with McNemar for binary metrics', () => {
    const first = Float64Array.of(100, 100, 0, 100, NaN, 100, 0, 100)
    const second = Float64Array.of(0, 100, 100, 0, 100, NaN, 0, 0)
    const [pair] = compareMethods(
      tableOf([
        { method: 'a', metric: 'ES', values: first, success: 100 },
        { method: 'b', metric: 'ES', values: second, success: 100 },
      ]),
      options,
    )
    expect(pair).toMatchObject({ first: 'a', second: 'b', n: 6, missing: 2, test: 'mcnemar' })
    expect(pair!.difference).toBeCloseTo(100 * (4 / 6 - 2 / 6), 12)
    expect(pair!.mcNemar).toEqual({ firstOnly: 3, secondOnly: 1, p: 0.625 })
    expect(pair!.adjustedP).toBe(0.625)
  })

  it('finds a paired difference that unpaired intervals hide', () => {
    const base = spread(200)
    const shifted = base.map((value, index) => value + 2 + (index % 5) * 0.1)
    const [pair] = compareMethods(
      tableOf([
        { method: 'a', metric: 'PS', values: shifted, success: null },
        { method: 'b', metric: 'PS', values: base, success: null },
      ]),
      options,
    )
    expect(pair!.test).toBe('bootstrap')
    expect(pair!.interval!.low).toBeGreaterThan(2.1)
    expect(pair!.interval!.high).toBeLessThan(2.3)
    expect(pair!.p).toBeLessThan(1e-8)
  })

  it('gives identical methods a difference of exactly 0 and p = 1', () => {
    const values = spread(30)
    const columns = ['a', 'b'].map((method) => ({ method, metric: 'PS', values, success: null }))
    const [pair] = compareMethods(tableOf(columns), options)
    expect(pair).toMatchObject({ difference: 0, p: 1 })
    expect(pair!.interval).toEqual({ low: 0, high: 0, method: 'constant' })
  })

  it('takes no single case for a proof', () => {
    const columns = [5, 3].map((value, place) => ({
      ...{ method: `m${place}`, metric: 'EM', values: Float64Array.of(value), success: null },
    }))
    const [pair] = compareMethods(tableOf(columns), options)
    expect(pair).toMatchObject({ n: 1, difference: 2, p: 1, adjustedP: 1 })
  })

  it('leaves clear differences significant, however many methods there are', () => {
    const columns = Array.from({ length: 25 }, (_, place) => ({
      ...{ method: `m${place}`, metric: 'EM', success: null },
      values: spread(60).map((value) => value + 60 * place),
    }))
    const pairs = compareMethods(tableOf(columns), { seed: 1, resamples: 500 })
    expect(pairs).toHaveLength(300)
    expect(Math.max(...pairs.map(({ adjustedP }) => adjustedP!))).toBeLessThan(0.001)
  })

  it('finds one in twenty significant where there is no difference, of few cases too', () => {
    for (const n of [6, 8, 12, 30]) {
      let found = 0
      for (let trial = 0; trial < 400; trial++) {
        const columns = ['a', 'b'].map((method) => {
          const values = Float64Array.from({ length: n }, () => random.nextNormal())
          return { method, metric: 'EM', values, success: null }
        })
        const [pair] = compareMethods(tableOf(columns), { seed: trial, resamples: 400 })
        if (pair!.p! < 0.05) found++
      }
      expect(found / 400).toBeLessThan(0.08)
      expect(found / 400).toBeGreaterThan(0.02)
    }
  })

  it('corrects within a metric, over all its pairs', () => {
    const columns = ['a', 'b', 'c'].flatMap((method, place) => [
      { method, metric: 'ES', values: binary(100, 0.3 + 0.2 * place), success: 100 },
      { method, metric: 'PS', values: spread(100), success: null },
    ])
    const pairs = compareMethods(tableOf(columns), options)
    expect(pairs).toHaveLength(6)
    for (const metric of ['ES', 'PS']) {
      const family = pairs.filter((pair) => pair.metric === metric)
      expect(family.map((pair) => pair.adjustedP)).toEqual(
        holmAdjust(family.map((pair) => pair.p!)),
      )
    }
  })

  it('leaves out of the pairs who is only estimated beside them, and changes no other number', () => {
    const columns = ['a', 'b', 'c'].map((method) => ({
      ...{ method, metric: 'PS', values: spread(90), success: null },
    }))
    const beside = { ...tableOf(columns), unpaired: new Set(['c']) }
    const { estimates, comparisons } = summarizeMethods(beside, options)
    expect(comparisons).toEqual(compareMethods(tableOf(columns.slice(0, 2)), options))
    expect(estimates).toEqual(estimateMethods(tableOf(columns), options))
    expect(compareMethods(beside, options)).toEqual(comparisons)
  })

  it('has no test for a pair without a shared case', () => {
    const [pair] = compareMethods(
      tableOf([
        { method: 'a', metric: 'ES', values: Float64Array.of(100, NaN), success: 100 },
        { method: 'b', metric: 'ES', values: Float64Array.of(NaN, 0), success: 100 },
      ]),
      options,
    )
    expect(pair).toMatchObject({ n: 0, missing: 2, difference: null, p: null, adjustedP: null })
  })

  it('works through 11 methods x 1,000 cases x 10,000 resamples x 6 metrics', () => {
    const methods = Array.from({ length: 11 }, (_, index) => `m${index}`)
    const columns = methods.flatMap((method) =>
      Array.from({ length: 6 }, (_, metric) => ({
        method,
        metric: `metric ${metric}`,
        values: metric === 0 ? binary(1000, 0.8) : spread(1000),
        success: metric === 0 ? 100 : null,
      })),
    )
    expect(compareMethods(tableOf(columns), { seed: 1 })).toHaveLength(330)
  })
})

describe('estimateByRelation', () => {
  it('splits the cases by relation and keeps their counts', () => {
    const values = Float64Array.of(0, 10, 20, 30, 40, 50, NaN)
    const table = tableOf([{ method: 'a', metric: 'PS', values, success: null }])
    const parts = estimateByRelation(table, { seed: 1, resamples: 200 })
    expect(parts.map(({ relation, cases }) => [relation, cases])).toEqual([
      ['R0', 3],
      ['R1', 2],
      ['R2', 2],
    ])
    expect(parts[0]!.estimates[0]).toMatchObject({ mean: 15, n: 2, missing: 1 })
    expect(parts[1]!.estimates[0]).toMatchObject({ mean: 25, n: 2, missing: 0 })
  })
})

describe('bad input is a typed error', () => {
  const column = { method: 'a', metric: 'ES', values: new Float64Array(3), success: null }
  it.each([
    ['a repeated column', () => estimateMethods(tableOf([column, column]), { seed: 1 })],
    [
      'unequal lengths',
      () => estimateMethods({ ...tableOf([column]), relations: ['R'] }, { seed: 1 }),
    ],
    ['more values than cases', () => estimateMethods(tableOf([column], 2), { seed: 1 })],
    ['5 resamples', () => estimateMethods(tableOf([column]), { seed: 1, resamples: 5 })],
    ['a level of 95', () => estimateMethods(tableOf([column]), { seed: 1, level: 95 })],
    ['a p-value of NaN', () => holmAdjust([0.5, NaN])],
    ['half a case', () => exactMcNemar(0.5, 1)],
    ['more successes than trials', () => wilsonInterval(5, 4)],
    ['no trials', () => wilsonInterval(0, 0)],
  ])('%s', (_, act) => expect(codeOf(act)).toBe('BAD_ARGUMENT'))

  it('an empty sample has no published form', () => {
    expect(publishedForms([NaN])).toBeNull()
  })
})
