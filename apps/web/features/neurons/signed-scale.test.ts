import { expect, it } from 'vitest'
import { largestSize, signedTone } from './signed-scale'

it('measures against the largest size of either sign', () => {
  expect(largestSize([1, -4, null, 2])).toBe(4)
  expect(largestSize([])).toBe(0)
  expect(largestSize([Number.NaN, Number.POSITIVE_INFINITY, 3])).toBe(3)
})

it('keeps zero without colour', () => {
  expect(signedTone(0, 4)).toEqual({ side: 'none', strength: 0 })
  expect(signedTone(null, 4)).toEqual({ side: 'none', strength: 0 })
  expect(signedTone(2, 0)).toEqual({ side: 'none', strength: 0 })
})

it('has one colour for each sign, stronger with size', () => {
  expect(signedTone(2, 4)).toEqual({ side: 'up', strength: 0.5 })
  expect(signedTone(-4, 4)).toEqual({ side: 'down', strength: 1 })
})
