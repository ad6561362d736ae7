import { expect, it } from 'vitest'
import { sampleComparison } from '../testing'
import { pairDomain, pairRows } from './difference-model'

const comparison = sampleComparison()
const names = (rows: ReturnType<typeof pairRows>) =>
  rows.map(({ first, second }) => `${first} ${second}`)

it('lists every pair once, turned to the better, the largest first', () => {
  expect(names(pairRows(comparison, 'ES', null))).toEqual(['rome ft', 'memit ft', 'rome memit'])
})

it('keeps the sign against a reference', () => {
  const rows = pairRows(comparison, 'ES', 'memit')
  expect(names(rows)).toEqual(['rome memit', 'ft memit'])
  expect(rows.map(({ difference }) => difference.difference)).toEqual([15, -20])
})

it('always has zero on the scale', () => {
  const { low, high } = pairDomain(pairRows(comparison, 'ES', null))
  expect(low).toBe(0)
  expect(high).toBe(36)
  expect(pairDomain([])).toEqual({ low: -1, high: 1 })
})
