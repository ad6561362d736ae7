// Order statistics against a sorted copy: even, tied, extreme and missing values.
import { expect, it } from 'vitest'
import { createRandom } from '../tensor/seeded-random.js'
import { OrderedSample } from './ordered-sample.js'

const random = createRandom('ordered samples')
const fill = (length: number, of: () => number): Float64Array => Float64Array.from({ length }, of)

const samples: readonly (readonly [string, Float64Array])[] = [
  ['normal', fill(5000, () => random.nextNormal())],
  ['tied', fill(5000, () => random.nextInteger(20) * 0.1 - 1)],
  ['with an outlier', Float64Array.of(1e300, ...fill(999, () => random.nextNormal()))],
  [
    'wider than a number',
    Float64Array.of(-1.7e308, 1.7e308, ...fill(50, () => random.nextNormal())),
  ],
  ['close together', fill(1000, () => 1 + random.nextInteger(9) * Number.EPSILON)],
  ['subnormal', fill(100, () => random.nextInteger(7) * 5e-324)],
  ['constant', fill(64, () => 3)],
  ['one', Float64Array.of(-2)],
  ['infinite', Float64Array.of(Infinity, -Infinity, ...fill(50, () => random.nextNormal()))],
  ['partly missing', fill(200, () => (random.nextInteger(4) === 0 ? NaN : random.nextNormal()))],
  ['all missing', fill(9, () => NaN)],
]

it.each(samples)('%s values have the quantiles and ranks of a sorted copy', (_, values) => {
  const sorted = values.slice().sort()
  const sample = new OrderedSample(values)
  const last = sorted.length - 1
  for (const p of [0, 0.0003, 0.025, 0.25, 0.5, 0.7777, 0.975, 1]) {
    const below = Math.floor(p * last)
    const above = Math.min(below + 1, last)
    const between = sorted[below]! + (p * last - below) * (sorted[above]! - sorted[below]!)
    expect(sample.quantile(p)).toEqual(between)
  }
  for (const value of [0, -1e9, 1e9, sorted[0]!, sorted[last >> 1]!, sorted[last]!]) {
    expect(sample.rankOf(value)).toEqual({
      below: values.filter((one) => one < value).length,
      atMost: values.filter((one) => one <= value).length,
    })
  }
  expect(sample.quantile(NaN)).toBeNaN()
})
