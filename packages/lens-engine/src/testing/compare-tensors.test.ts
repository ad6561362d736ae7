import { expect, test } from 'vitest'
import { compareTensors, relativeError } from './compare-tensors.js'
import { numericalGradient } from './numerical-gradient.js'

test('the error is relative to the norm of the reference', () => {
  expect(relativeError([3, 4.5], [3, 4])).toBeCloseTo(0.1, 12)
})

test('rows that are zero in the reference are left out and reported', () => {
  const difference = compareTensors([1, 1, 0.25, -0.5], [1, 1, 0, 0], 2)
  expect(difference).toEqual({ relativeError: 0, largestInZeroRows: 0.5, zeroRows: 1 })
})

test('a NaN never passes for a small error', () => {
  expect(compareTensors([NaN, 1], [1, 1], 2).relativeError < 1).toBe(false)
  expect(compareTensors([NaN, 1], [0, 0], 2).largestInZeroRows < 1).toBe(false)
})

test('different sizes are refused', () => {
  expect(() => compareTensors([1], [1, 2], 1)).toThrow(RangeError)
})

test('central differences find the gradient of a cubic and restore the point', async () => {
  const point = Float64Array.of(2, -1)
  const gradient = await numericalGradient(async ([x, y]) => (x ?? 0) ** 3 * (y ?? 0), point)
  expect(gradient[0]).toBeCloseTo(-12, 6)
  expect(gradient[1]).toBeCloseTo(8, 6)
  expect([...point]).toEqual([2, -1])
})
