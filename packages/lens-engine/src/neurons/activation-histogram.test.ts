// Whatever the order of the values, the bins are those of the whole.
import { expect, it } from 'vitest'
import { createRandom } from '../tensor/seeded-random.js'
import { HISTOGRAM_BINS, countValue, emptyHistograms } from './activation-histogram.js'

function countAll(values: Iterable<number>) {
  const histograms = emptyHistograms(2)
  for (const value of values) countValue(histograms, 1, value)
  const [exponent, low] = [histograms.exponent[1]!, histograms.low[1]!]
  expect(histograms.low[0]).toBeNaN()
  return { width: 2 ** exponent, low, counts: [...histograms.counts.slice(HISTOGRAM_BINS)] }
}

function binned(values: readonly number[]) {
  let width = 2 ** -24
  const bin = (value: number) => Math.floor(value / width)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  while (bin(most) - bin(least) >= HISTOGRAM_BINS) width *= 2
  const counts = Array<number>(HISTOGRAM_BINS).fill(0)
  for (const value of values) counts[bin(value) - bin(least)]! += 1
  return { width, low: bin(least) + 0, counts }
}

it.each([
  ['of both signs', [...createRandom(1).normals(500)]],
  ['far from zero', [...createRandom(2).normals(50)].map((value) => 1e6 + value)],
  [
    'of every size',
    [...createRandom(3).normals(300)].map((value, i) => value * 10 ** ((i % 9) - 4)),
  ],
  ['all equal', [0.25, 0.25, 0.25]],
  ['zero', [0, -0, 0]],
  ['falling', Array.from({ length: 40 }, (_, i) => -i)],
])('counts values %s', (_, values) => {
  const wanted = binned(values)
  expect(countAll(values)).toEqual(wanted)
  expect(countAll([...values].reverse())).toEqual(wanted)
  expect(wanted.counts.reduce((sum, count) => sum + count)).toBe(values.length)
})
