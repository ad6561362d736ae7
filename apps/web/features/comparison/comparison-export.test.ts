import { expect, it } from 'vitest'
import { exportAddress, parseIds } from './comparison-export'
import { DEFAULT_COMPARISON, NO_FILTER } from './comparison-view'

it('names evaluations, methods and metrics', () => {
  expect(exportAddress(['e1', 'e2'], 'comparison.tex', DEFAULT_COMPARISON)).toBe(
    '/api/evaluations/e1/comparison.tex?evaluations=e1,e2',
  )
  const view = { ...DEFAULT_COMPARISON, arms: ['a1', 'a2'], columns: ['ES'] }
  expect(exportAddress(['e1'], 'comparison.csv', view)).toBe(
    '/api/evaluations/e1/comparison.csv?evaluations=e1&arms=a1,a2&metrics=ES',
  )
})

it('files are of the cases that table and plots are of', () => {
  const filter = { ...NO_FILTER, search: 'a & b, c', relations: ['capital'] }
  const filterOf = (narrowed: boolean) => {
    const view = { ...DEFAULT_COMPARISON, filter, narrowed }
    const address = new URL(exportAddress(['e1'], 'differences.csv', view), 'http://localhost')
    return address.searchParams.get('filter')
  }
  expect(filterOf(false)).toBeNull()
  expect(JSON.parse(filterOf(true)!)).toEqual({ search: 'a & b, c', relations: ['capital'] })
})

it('reads ids from the address', () => {
  expect(parseIds('a,b,,a')).toEqual(['a', 'b'])
  expect(parseIds(null)).toEqual([])
})
