import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bootstrapStatistics } from './bootstrap.js'
import { studentP } from './difference-p.js'
import { exactMcNemar, holmAdjust, wilsonInterval } from './exact-tests.js'
import { publishedForms } from './interval.js'
import { harmonicMean } from './method-table.js'
import { normalCdf, normalQuantile } from './normal-distribution.js'

interface Golden {
  readonly resamples: number
  readonly normalCdf: readonly [number, number][]
  readonly normalQuantile: readonly [number, number][]
  readonly bootstrap: readonly {
    readonly name: string
    readonly level: number
    readonly columns: readonly number[][]
    readonly estimate: number
    readonly low: number
    readonly high: number
  }[]
  readonly fewCases: readonly { first: number[]; second: number[]; p: number }[]
  readonly student: readonly { t: number; freedom: number; p: number }[]
  readonly farApart: readonly { columns: number[][]; p: number; pairedT: number }[]
  readonly mcNemar: readonly { firstOnly: number; secondOnly: number; p: number }[]
  readonly holm: readonly { p: number[]; adjusted: number[] }[]
  readonly wilson: readonly {
    successes: number
    trials: number
    level: number
    interval: [number, number]
  }[]
  readonly published: readonly {
    values: number[]
    mean: number
    sd: number
    halfWidth95: number
  }[]
}

const golden = JSON.parse(
  readFileSync(new URL('../../goldens-evaluation/statistics.json', import.meta.url), 'utf8'),
) as Golden

const expectClose = (actual: number, wanted: number, relative = 1e-10): void =>
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted) + 1e-300)

const statisticOf = (columns: number): ((means: Float64Array) => number) =>
  columns === 3 ? harmonicMean : (means) => (columns === 2 ? means[0]! - means[1]! : means[0]!)

describe('against scipy', () => {
  it('the normal distribution, tails included', () => {
    for (const [x, wanted] of golden.normalCdf) expectClose(normalCdf(x), wanted, 1e-12)
    for (const [p, wanted] of golden.normalQuantile) {
      expect(Math.abs(normalQuantile(p) - wanted)).toBeLessThan(1e-9 + 1e-4 * Number(p > 1 - 1e-9))
    }
  })

  it.each(golden.bootstrap)('BCa interval on the same resamples: $name', (one) => {
    const columns = one.columns.map((values) => Float64Array.from(values))
    const statistic = { columns: columns.map((_, index) => index), of: statisticOf(columns.length) }
    const options = { seed: 'golden', resamples: golden.resamples, level: one.level }
    const [result] = bootstrapStatistics(columns, [statistic], options)
    expectClose(result!.estimate, one.estimate)
    expect(result!.interval.method).toBe('bca')
    expectClose(result!.interval.low, one.low, 1e-9)
    expectClose(result!.interval.high, one.high, 1e-9)
  })
})

const columnMean = (column: number) => ({
  columns: [column],
  of: (means: Float64Array) => means[0]!,
})
const difference = { first: columnMean(0), second: columnMean(1) }

describe('against the exact paired test of scipy', () => {
  it.each(golden.fewCases)('a difference that few cases show is no surer: p = $p', (one) => {
    const columns = [one.first, one.second].map((values) => Float64Array.from(values))
    for (const seed of [0, 1, 2]) {
      const [found] = bootstrapStatistics(columns, [difference], { seed })
      expect(found!.p).toBeGreaterThanOrEqual(one.p)
      if (one.first.every((value, index) => value !== one.second[index])) {
        expect(found!.p).toBe(one.p)
      }
    }
  })
})

describe("against Student's t of scipy", () => {
  it('the distribution function: hardly too small, and too large by less than a fifth far out', () => {
    for (const { t, freedom, p } of golden.student) {
      expect(studentP(t, freedom) / p).toBeGreaterThan(0.99)
      expect(studentP(t, freedom) / p).toBeLessThan(t > 2 ? 1.2 : 1.03)
    }
  })

  it.each(golden.farApart)('what no resample contradicts: p = $p', ({ columns, p, pairedT }) => {
    const values = columns.map((column) => Float64Array.from(column))
    const options = { seed: 'golden', resamples: golden.resamples }
    const [found] = bootstrapStatistics(values, [difference], options)
    const exact = 2 ** (1 - Math.min(30, values[0]!.length))
    expect(found!.p / Math.max(p, exact)).toBeGreaterThan(0.99)
    expect(found!.p / Math.max(p, exact)).toBeLessThan(1.2)
    // The standard error is of resamples, so the tails are of one size only.
    expect(Math.abs(Math.log10(p / pairedT))).toBeLessThan(0.5)
  })
})

describe('against statsmodels', () => {
  it.each(golden.mcNemar)('exact McNemar $firstOnly : $secondOnly', (one) => {
    expectClose(exactMcNemar(one.firstOnly, one.secondOnly).p, one.p, 1e-9)
  })

  it('Holm', () => {
    for (const { p, adjusted } of golden.holm) {
      holmAdjust(p).forEach((value, index) => expectClose(value, adjusted[index]!))
    }
  })

  it.each(golden.wilson)('Wilson $successes of $trials at $level', (one) => {
    const { low, high } = wilsonInterval(one.successes, one.trials, one.level)
    expect(low).toBeCloseTo(one.interval[0], 12)
    expect(high).toBeCloseTo(one.interval[1], 12)
  })
})

describe('against numpy', () => {
  it('mean, SD and 1.96 SE', () => {
    for (const one of golden.published) {
      const forms = publishedForms(one.values)!
      expectClose(forms.mean, one.mean)
      expectClose(forms.sd, one.sd)
      expectClose(forms.halfWidth95, one.halfWidth95)
    }
  })
})
