import { expect, it } from 'vitest'
import { exportAddress, parseIds } from './comparison-export'

it('names evaluations, methods and metrics', () => {
  expect(exportAddress(['e1', 'e2'], 'tex', [], null)).toBe(
    '/api/evaluations/e1/comparison.tex?evaluations=e1,e2',
  )
  expect(exportAddress(['e1'], 'csv', ['a1', 'a2'], ['ES'])).toBe(
    '/api/evaluations/e1/comparison.csv?evaluations=e1&arms=a1,a2&metrics=ES',
  )
})

it('reads ids from the address', () => {
  expect(parseIds('a,b,,a')).toEqual(['a', 'b'])
  expect(parseIds(null)).toEqual([])
})
