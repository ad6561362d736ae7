import { describe, expect, it } from 'vitest'
import { isEmpty, parseFigure, type FigureData } from './figure-data'
import { colourKey, divergingTone, scaleOf } from './figure-scales'
import { figureTable } from './figure-table'
import { bandPath, linePath } from './lines-model'

const axis = { label: 'layer', scale: 'linear' } as const
const base = { kind: 'k', prompts: 100, x: axis, y: { label: 'rank', scale: 'log' }, form: 'lines' }
const point = (x: number, mean: number) => ({ x, mean, low: mean / 2, high: mean * 2, n: 9 })
const lines = parseFigure({
  ...base,
  series: [{ name: 'a', points: [point(0, 1), point(1, 100)] }],
})!

describe('the data of a figure', () => {
  it('is refused where it is none', () => {
    for (const wrong of [null, 3, {}, { ...base, form: 'pie' }, { form: 'lines' }])
      expect(parseFigure(wrong)).toBeNull()
    expect(parseFigure(base)).toMatchObject({ series: [], notes: [] })
    expect(isEmpty(parseFigure(base)!)).toBe(true)
    expect(isEmpty(lines)).toBe(false)
  })

  it('becomes a table in every form', () => {
    expect(figureTable(lines).rows).toEqual([
      ['a', 0, 1, 0.5, 2, 9],
      ['a', 1, 100, 50, 200, 9],
    ])
    const heat: FigureData = {
      ...lines,
      form: 'heatmap',
      y: { label: 'part', scale: 'linear', names: ['subject', 'last'] },
      cells: [{ x: 3, y: 1, mean: 1, low: 0, high: 2, n: 5 }],
    }
    expect(figureTable(heat).rows).toEqual([['last', 3, 1, 0, 2, 5]])
    const table: FigureData = {
      ...lines,
      form: 'table',
      columns: ['0', '1'],
      rows: [
        {
          name: ' France',
          cells: [
            { text: ' Paris', value: 2 },
            { text: '', value: null },
          ],
        },
      ],
    }
    expect(figureTable(table).rows).toEqual([
      [' France', '0', ' Paris', 2],
      [' France', '1', '', null],
    ])
  })
})

describe('scales', () => {
  it('are logarithmic with decades as ticks, and bear zero', () => {
    const { at, ticks } = scaleOf(lines.y, [0.5, 200], [100, 0])
    expect(ticks.map(({ value }) => value)).toEqual([0.1, 1, 10, 100, 1000])
    expect(at(10) - at(100)).toBeCloseTo(at(1) - at(10))
    expect(Number.isFinite(at(0))).toBe(true)
    expect(scaleOf(lines.y, [], [0, 1]).ticks.length).toBeGreaterThan(0)
  })

  it('keep a domain that is given', () => {
    const { at } = scaleOf({ ...axis, domain: [0, 1] }, [0.2, 0.3], [0, 10])
    expect([at(0), at(1)]).toEqual([0, 10])
  })

  it('colour signed values with nothing in the middle', () => {
    const key = colourKey({ label: 'cosine', scale: 'linear', domain: [-1, 1] }, [0.5])
    expect(key.tone(0, 'light')).toEqual(divergingTone('light', 0.5))
    expect(key.tone(-1, 'light').background).not.toBe(key.tone(1, 'light').background)
  })
})

describe('lines', () => {
  const at = (value: number) => value
  it('break where a value is missing', () => {
    const points = [point(0, 1), point(1, Number.NaN), point(2, 3), point(3, 4)]
    expect(linePath(points, at, at)).toBe('M0.0 1.0M2.0 3.0L3.0 4.0')
  })

  it('have a band only where there is an interval', () => {
    expect(bandPath([point(0, 2), point(1, 4)], at, at)).toBe('M0.0 4.0L1.0 8.0L1.0 2.0L0.0 1.0Z')
    expect(bandPath([{ x: 0, mean: 2, low: 2, high: 2, n: 1 }], at, at)).toBe('')
  })
})
