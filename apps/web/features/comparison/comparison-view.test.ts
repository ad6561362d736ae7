import { describe, expect, it } from 'vitest'
import {
  DEFAULT_COMPARISON,
  filterInput,
  formatComparison,
  nextSort,
  NO_FILTER,
  parseComparison,
  sortInput,
  toggled,
  withRange,
  type ComparisonView,
  type RangeFilter,
} from './comparison-view'

const parse = (text: string) => parseComparison(new URLSearchParams(text))

const FULL: ComparisonView = {
  tab: 'methods',
  columns: ['ES', 'S'],
  sort: { by: 'ES', descending: true },
  metric: 'PS',
  x: 'PS',
  y: 'NS',
  reference: 'a1',
  arms: ['a1', 'a2'],
  published: 'rome-4',
  spread: 'density',
  densityArms: ['a1', 'a2'],
  filter: {
    search: 'Paris, & more',
    relations: ['capital', 'mother tongue'],
    outcome: 'FAILED',
    ranges: [
      { armId: 'a1', metric: 'PS', min: 10, max: null, side: 'AFTER' },
      { armId: 'a2', metric: 'KL', min: null, max: 0.5, side: 'BEFORE' },
    ],
    flips: { firstArmId: 'a1', secondArmId: 'a2', kind: 'PARAPHRASE', direction: 'ONLY_FIRST' },
  },
  narrowed: true,
  order: { armId: 'a1', metric: 'PS', side: 'BEFORE', descending: true },
  open: 17,
}

describe('the address of a comparison', () => {
  it('says nothing for the view as it opens', () => {
    expect(formatComparison(DEFAULT_COMPARISON)).toBe('')
    expect(parse('')).toEqual(DEFAULT_COMPARISON)
  })

  it('holds the whole view', () => {
    expect(parse(formatComparison(FULL))).toEqual(FULL)
    const byField = { ...FULL, order: { field: 'CASE_ID', descending: false } as const }
    expect(parse(formatComparison(byField))).toEqual(byField)
  })

  it('keeps what else it said', () => {
    expect(formatComparison(DEFAULT_COMPARISON, [['ids', 'e1,e2']])).toBe('ids=e1,e2')
  })

  it('bears nonsense', () => {
    const view = parse('range=x&range=a~m~~&range=a~m~1e400&flips=a&order=a~&case=-3&outcome=odd')
    expect(view).toEqual(DEFAULT_COMPARISON)
  })
})

describe('a filter', () => {
  it('is not sent when it lets everything pass', () => {
    expect(filterInput(NO_FILTER)).toBeNull()
    expect(filterInput({ ...NO_FILTER, search: ' x ' })).toEqual({ search: 'x' })
  })

  it('is sent whole', () => {
    expect(filterInput(FULL.filter)).toMatchObject({
      relations: ['capital', 'mother tongue'],
      outcome: 'FAILED',
      flips: { firstArmId: 'a1', direction: 'ONLY_FIRST' },
    })
  })

  it('takes one range a column from brushes', () => {
    const range: RangeFilter = { armId: 'a1', metric: 'PS', min: 0, max: 5, side: 'AFTER' }
    const once = withRange(NO_FILTER, range)
    const twice = withRange(once, { ...range, min: 2 })
    expect(twice.ranges).toEqual([{ ...range, min: 2 }])
    expect(withRange(twice, { ...range, armId: 'a2' }).ranges).toHaveLength(2)
    expect(withRange(twice, { ...range, min: null, max: null }).ranges).toEqual([])
  })
})

describe('sorting', () => {
  it('begins at the better end, turns round, and goes back', () => {
    const first = nextSort(null, 'ES', true)
    expect(first).toEqual({ by: 'ES', descending: true })
    const second = nextSort(first, 'ES', true)
    expect(second).toEqual({ by: 'ES', descending: false })
    expect(nextSort(second, 'ES', true)).toBeNull()
    expect(nextSort(second, 'KL', false)).toEqual({ by: 'KL', descending: false })
  })

  it('of cases is sent as a column or a field', () => {
    expect(sortInput(null)).toBeNull()
    expect(sortInput({ field: 'RELATION', descending: true })).toEqual({
      field: 'RELATION',
      descending: true,
    })
    expect(sortInput(FULL.order)).toEqual({
      column: { armId: 'a1', metric: 'PS', side: 'BEFORE' },
      descending: true,
    })
  })
})

it('adds to and takes from a choice', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
})
