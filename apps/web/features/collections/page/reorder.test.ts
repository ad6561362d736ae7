import { expect, it } from 'vitest'
import { moved } from './reorder'

it('moves one and keeps the rest in order', () => {
  expect(moved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd'])
  expect(moved(['a', 'b', 'c', 'd'], 3, 0)).toEqual(['d', 'a', 'b', 'c'])
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
})

it('stops at the ends, and leaves the list for a place that is none', () => {
  expect(moved(['a', 'b', 'c'], 1, 99)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 1, -5)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b'], 7, 0)).toEqual(['a', 'b'])
})
