import { describe, expect, it } from 'vitest'
import { buildGrid } from '../grid-model'
import { DEFAULT_VIEW } from '../lens-view'
import { sampleGrid, sampleRun } from '../testing'
import {
  layerTicks,
  rankFigure,
  rankScales,
  rankTicks,
  spreadLabels,
  stretches,
} from './rank-figure-model'
import { receiptRows } from './receipt-model'

const source = { kind: 'matrix', grid: sampleGrid(3, 4) } as const
const { columns } = buildGrid(source, sampleRun(3, 4), DEFAULT_VIEW)

describe('the figure of ranks', () => {
  const figure = rankFigure(source, columns, 1000, 1)

  it('counts from the end that the update writes and leaves masked cells out', () => {
    expect(figure.fromLast).toBe(true)
    const first = figure.lines.find((line) => line.position === 0)
    expect(first?.places).toEqual([9, 9, null])
  })

  it('draws the selected position last, so that it lies on top', () => {
    expect(figure.lines.map((line) => line.emphasis)).toEqual([
      'other',
      'other',
      'last',
      'selected',
    ])
  })

  it('is logarithmic with the end of interest on top', () => {
    const frame = { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0 }
    const { y } = rankScales(figure, 3, frame)
    expect(y(0)).toBe(0)
    expect(y(999)).toBeCloseTo(100)
    expect(y(9)).toBeCloseTo(100 / 3)
    expect(rankTicks(999)).toEqual([0, 10, 100, 999])
  })
})

describe('lines and labels', () => {
  it('break where there is no value', () => {
    const parts = stretches([1, 2, null, 3], (x, y) => ({ x, y }))
    expect(parts.map((part) => part.length)).toEqual([2, 1])
  })

  it('keep their distance and stay inside', () => {
    const placed = spreadLabels([{ y: 10 }, { y: 11 }, { y: 12 }, { y: 95 }, { y: 96 }], 12, 100)
    expect(placed.map((label) => label.at)).toEqual([10, 22, 34, 95])
  })

  it('number the layers that fit', () => {
    expect(layerTicks(3)).toEqual([0, 1, 2])
    expect(layerTicks(48)).toEqual([0, 8, 16, 24, 32, 40])
  })
})

describe('the receipt', () => {
  it('becomes rows, whatever its shape', () => {
    expect(receiptRows({ a: 1, b: { c: 'x', d: null }, e: [1, 2], f: [{ g: true }] })).toEqual([
      { name: 'a', value: '1' },
      { name: 'b.c', value: 'x' },
      { name: 'b.d', value: '–' },
      { name: 'e', value: '1, 2' },
      { name: 'f.0.g', value: 'true' },
    ])
    expect(receiptRows(null)).toEqual([])
  })
})
