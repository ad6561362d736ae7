import { expect, it } from 'vitest'
import { pixelsOf } from '../../comments/chart/region-model'
import { cellRegion, relationLanes, showBriefly } from './relation-heat'

const rowsOf = (...names: readonly string[]) => names.map((relation) => ({ relation }))

const FRAME = { left: 0, right: 400, top: 20, bottom: 500 }

function topOf(region: ReturnType<typeof cellRegion>, rows: ReturnType<typeof rowsOf>) {
  const box = pixelsOf(region, (value) => value * 100, relationLanes(rows, 26, 20), FRAME)
  return box && Math.floor((box.top - 20) / 26)
}

it('a region stays with its relation, however many are shown and in whatever order', () => {
  const [capital, tongue, sport] = rowsOf('capital', 'mother tongue', 'sport')
  const onSport = cellRegion(sport!, 1)
  expect(topOf(onSport, rowsOf('capital', 'mother tongue', 'sport'))).toBe(2)
  expect(topOf(onSport, rowsOf('sport', 'mother tongue', 'capital'))).toBe(0)
  // Narrowed to another relation, which then is the first.
  const onCapital = cellRegion(capital!, 0)
  expect(topOf(onCapital, rowsOf('sport'))).toBeNull()
  expect(topOf(onSport, rowsOf('sport'))).toBe(0)
  expect(cellRegion(tongue!, 0)).not.toEqual(onCapital)
})

it('means are rounded to what fits a cell, never cut to it', () => {
  const briefly = (most: number | null) => (mean: number) => showBriefly(mean, { most })
  expect([66.66, 99.96, 0.4, 100].map(briefly(100))).toEqual(['67', '100', '0', '100'])
  expect([0.52, 0.08, 3.14, 626.9, -4.8].map(briefly(null))).toEqual([
    ...['0.52', '0.080', '3.1', '627', '-4.8'],
  ])
})

it('a region is as wide as its method and in order, as the API wants it', () => {
  const [x0, y0, x1, y1] = cellRegion({ relation: 'capital' }, 3)
  expect([x0, x1]).toEqual([3.04, 3.96])
  expect(y0).toBeLessThan(y1)
})

it('draws nothing at a row for what was numbered by rows', () => {
  expect(topOf([0.04, -0.9, 0.96, -0.1], rowsOf('capital', 'sport'))).toBeNull()
})
