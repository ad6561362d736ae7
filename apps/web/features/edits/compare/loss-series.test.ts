import { expect, test } from 'vitest'
import { lossSeries } from './loss-series'

const optimised = [
  { name: 'loss', values: [9, 3, 0.1] },
  { name: 'loss of the target', values: [8, 2, 0] },
]
const shifted = [{ name: 'gain of the target', values: [500] }]

test('the whole loss of each edit stands under its letter', () => {
  const values = [9, 3, 0.1]
  expect(lossSeries(optimised, optimised)).toEqual([
    { name: 'A: loss', values, tone: 'first' },
    { name: 'B: loss', values, tone: 'second' },
  ])
})

test('numbers that are no loss are not drawn as one', () => {
  expect(lossSeries(optimised, shifted).map(({ name }) => name)).toEqual(['A: loss'])
  expect(lossSeries(shifted, [])).toEqual([])
})
