import { describe, expect, it } from 'vitest'
import { chosenArms, chosenCases, chosenIn } from './chosen'
import {
  DEFAULT_COMPARISON,
  NO_FILTER,
  withRange,
  type ComparisonView,
  type RangeFilter,
} from './comparison-view'

describe('what was pulled over a plot', () => {
  const range: RangeFilter = { armId: 'a1', metric: 'PS', min: 0, max: 5, side: 'AFTER' }
  const holds = (chose: readonly string[], view: ComparisonView) =>
    chose.every((one) => chosenIn(view).includes(one))

  it('holds until its range or its relation is taken away, or another takes its place', () => {
    const other: RangeFilter = { ...range, armId: 'a2' }
    const filter = { ...NO_FILTER, ranges: [range, other], relations: ['capital'], search: 'x' }
    const view = { ...DEFAULT_COMPARISON, filter }
    const both = chosenCases({ ranges: [range, other] })
    const capital = chosenCases({ relations: ['capital'] })
    expect([holds(both, view), holds(capital, view)]).toEqual([true, true])
    const one = { ...view, filter: { ...filter, ranges: [other], relations: [] } }
    expect([holds(both, one), holds(capital, one)]).toEqual([false, false])
    const moved = { ...view, filter: withRange(filter, { ...range, max: 6 }) }
    expect(holds(both, moved)).toBe(false)
    expect(holds(both, DEFAULT_COMPARISON)).toBe(false)
  })

  it('holds until other methods are chosen', () => {
    const arms = ['a1', 'a2']
    expect(holds(chosenArms(arms), { ...DEFAULT_COMPARISON, arms })).toBe(true)
    expect(holds(chosenArms(arms), { ...DEFAULT_COMPARISON, arms: ['a1'] })).toBe(false)
    expect(holds(chosenArms(arms), DEFAULT_COMPARISON)).toBe(false)
  })
})
