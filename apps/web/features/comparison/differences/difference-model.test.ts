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
  const { low, high } = pairDomain(pairRows(comparison, 'ES', null), new Set())
  expect(low).toBe(0)
  expect(high).toBe(36)
  expect(pairDomain([], new Set())).toEqual({ low: -1, high: 1 })
})

it('is not squeezed by controls, and still shows what is taken against one', () => {
  const controls = new Set(['ft'])
  const high = (reference: string | null) =>
    pairDomain(pairRows(comparison, 'ES', reference), controls).high
  expect(high(null)).toBe(pairDomain(pairRows(comparison, 'ES', null).slice(2), new Set()).high)
  expect(high('ft')).toBe(36)
})
