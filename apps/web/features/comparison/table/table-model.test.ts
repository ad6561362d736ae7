import { describe, expect, it } from 'vitest'
import { bestArm, columnsOf, differenceOf, showDifference } from '../comparison-model'
import { sampleComparison, sampleDifference } from '../testing'
import { armRows, domainOf, placeIn, publishedRows, sortRows, uneditedRows } from './table-model'

const comparison = sampleComparison()
const columns = columnsOf(comparison)
const [es, kl] = columns as [(typeof columns)[0], (typeof columns)[0]]
const rows = armRows(comparison, columns)
const ids = (sorted: readonly { readonly id: string }[]) => sorted.map(({ id }) => id)

describe('the rows', () => {
  it('sort by a column, those without a value last either way', () => {
    expect(ids(sortRows(rows, { by: 'ES', descending: true }))).toEqual([
      'rome',
      'memit',
      'ft',
      'none',
    ])
    for (const descending of [true, false])
      expect(ids(sortRows(rows, { by: 'KL', descending })).slice(2)).toEqual(['ft', 'none'])
    expect(ids(sortRows(rows, { by: 'KL', descending: false }))[0]).toBe('memit')
    expect(sortRows(rows, null)).toBe(rows)
  })

  it('have an interval with a width where every case is a success', () => {
    const [first, ...others] = comparison.estimates
    const sure = { ...first!, mean: 100, low: 100, high: 100, wilsonLow: 96.3, wilsonHigh: 100 }
    const cellOf = (one: typeof sure) =>
      armRows({ ...comparison, estimates: [one, ...others] }, columns)[0]?.cells.get('ES')
    expect(cellOf(sure)).toMatchObject({ low: 96.3, high: 100, wilson: [96.3, 100] })
    expect(cellOf({ ...sure, low: 99 })).toMatchObject({ low: 99, high: 100 })
  })

  it('name the unedited model once', () => {
    expect(uneditedRows(comparison, columns)).toMatchObject([
      { kind: 'unedited', detail: 'facts-gpt2' },
    ])
  })

  it('of a paper are those of the methods compared, with intervals only where ± is one', () => {
    const [table] = comparison.published
    const known = publishedRows(table!, comparison.arms, false)
    expect(known).toHaveLength(1)
    expect(known[0]?.cells.get('ES')).toMatchObject({ low: 99.9, high: 100.1 })
    expect(publishedRows(table!, comparison.arms, true)).toHaveLength(2)
    const withSd = publishedRows({ ...table!, spread: 'sd' }, comparison.arms, false)
    expect(withSd[0]?.cells.get('ES')).toMatchObject({ low: null, high: null, sd: 0.1 })
  })
})

describe('the scale of a column', () => {
  it('fits the edited arms on round numbers and leaves the control out', () => {
    expect(domainOf(es, rows)).toEqual({ low: 50, high: 100 })
  })

  it('goes beyond neither 0 nor the most a metric can be', () => {
    const { low, high } = domainOf(es, rows.slice(0, 1))
    expect(high).toBe(100)
    expect(low).toBeGreaterThan(80)
  })

  it('bears one value, and none', () => {
    expect(domainOf(kl, rows.slice(2)).high).toBeGreaterThan(0)
    const { low, high } = domainOf(kl, rows)
    expect(low).toBeLessThanOrEqual(0.05)
    expect(high).toBeGreaterThanOrEqual(0.4)
    expect(placeIn({ low: 0, high: 10 }, 5)).toBe(0.5)
    expect(placeIn({ low: 0, high: 10 }, null)).toBeNull()
  })
})

describe('differences', () => {
  it('turn round with the pair', () => {
    const turned = differenceOf(comparison.differences, 'ES', 'memit', 'rome')
    expect(turned).toMatchObject({ difference: -15, low: -16, high: -14, onlyFirst: 3 })
    expect(differenceOf(comparison.differences, 'KL', 'memit', 'rome')).toBeNull()
    expect(showDifference(-15, es)).toBe('−15.0')
  })

  it('make a best arm only where every rival is beaten significantly', () => {
    expect(bestArm(comparison, es)).toBe('rome')
    const close = {
      ...comparison,
      differences: [sampleDifference('rome', 'memit', 1, 0.4), ...comparison.differences.slice(1)],
    }
    expect(bestArm(close, es)).toBeNull()
    expect(bestArm(comparison, kl)).toBeNull()
  })
})
