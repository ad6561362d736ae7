import { describe, expect, it } from 'vitest'
import { DEFAULT_COMPARISON, NO_FILTER } from '../comparison-view'
import { sampleComparison } from '../testing'
import { askedArms, caseArms, nextOrder, partsOf } from './case-columns'
import { addRows, EMPTY_WINDOWS, neighboursOf, rowAt, WINDOW, windowsOf } from './case-windows'

const comparison = sampleComparison()
const ids = (arms: readonly { readonly id: string }[]) => arms.map(({ id }) => id)

describe('the methods of the table of cases', () => {
  it('are the first two that edit', () => {
    expect(ids(caseArms(comparison, DEFAULT_COMPARISON))).toEqual(['rome', 'memit'])
  })

  it('are those of the flips, then the chosen ones', () => {
    const flips = {
      firstArmId: 'ft',
      secondArmId: 'rome',
      kind: 'REWRITE',
      direction: 'EITHER',
    } as const
    const view = {
      ...DEFAULT_COMPARISON,
      arms: ['memit', 'rome', 'gone'],
      filter: { ...NO_FILTER, flips },
    }
    const shown = caseArms(comparison, view)
    expect(ids(shown)).toEqual(['ft', 'rome', 'memit'])
    const order = { armId: 'none', metric: 'ES', side: 'AFTER', descending: true } as const
    expect(askedArms(comparison, shown, { ...view, order })).toEqual([
      ...['ft', 'rome', 'memit', 'none'],
    ])
  })

  it('are all of them for an outcome, which any may have had', () => {
    const view = { ...DEFAULT_COMPARISON, filter: { ...NO_FILTER, outcome: 'FAILED' as const } }
    const asked = askedArms(comparison, caseArms(comparison, view), view)
    expect(asked.toSorted()).toEqual(ids(comparison.arms).toSorted())
  })
})

it('sorts one way, the other way, and not at all', () => {
  const by = { field: 'RELATION', descending: false } as const
  const once = nextOrder(null, by)
  const twice = nextOrder(once, by)
  expect(once).toEqual(by)
  expect(twice).toEqual({ ...by, descending: true })
  expect(nextOrder(twice, by)).toBeNull()
  const metric = { armId: 'rome', metric: 'ES', side: 'AFTER', descending: true } as const
  expect(nextOrder(once, metric)).toEqual(metric)
})

it('marks the subject where it stands', () => {
  expect(partsOf('The capital of France is', 'France')).toEqual({
    before: 'The capital of ',
    subject: 'France',
    after: ' is',
  })
  expect(partsOf('It is', 'France').before).toBe('It is')
  expect(partsOf('The capital of {} is', 'France')).toEqual(
    partsOf('The capital of France is', 'France'),
  )
})

describe('windows of rows', () => {
  it('are those that a stretch of rows lies in', () => {
    expect(windowsOf(0, 20, 1000)).toEqual([0])
    expect(windowsOf(95, 120, 1000)).toEqual([0, 1])
    expect(windowsOf(950, 1200, 1000)).toEqual([9])
    expect(windowsOf(0, 20, 0)).toEqual([])
  })

  it('keep their rows by place', () => {
    const rows = Array.from({ length: 3 }, (_, place) => ({ place }))
    const kept = addRows(EMPTY_WINDOWS, 2, rows as never, 203)
    expect(rowAt(kept, 2 * WINDOW + 1)).toMatchObject({ place: 1 })
    expect(rowAt(kept, 0)).toBeNull()
    expect(kept.total).toBe(203)
  })

  it('know the rows beside one, across windows', () => {
    const places = (from: number) =>
      Array.from({ length: WINDOW }, (_, at) => ({ place: 7 * (from + at) }))
    const one = addRows(EMPTY_WINDOWS, 0, places(0) as never, 300)
    const both = addRows(one, 1, places(WINDOW) as never, 300)
    expect(neighboursOf(both, 7 * 99)).toEqual({ previous: 7 * 98, next: 7 * 100 })
    expect(neighboursOf(one, 0)).toEqual({ previous: null, next: 7 })
    expect(neighboursOf(one, 7 * 99)).toEqual({ previous: 7 * 98, next: null })
    expect(neighboursOf(one, 3)).toEqual({ previous: null, next: null })
  })
})
