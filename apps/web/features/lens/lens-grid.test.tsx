import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { buildGrid } from './grid-model'
import { LensGrid } from './lens-grid'
import { DEFAULT_VIEW } from './lens-view'
import { sampleGrid, sampleRun } from './testing'
import { columnWidth, scrollToShow, visibleRange } from './visible-range'

const LAYERS = 48
const POSITIONS = 64

describe('a grid of 48 layers and 64 positions', () => {
  const model = buildGrid(
    { kind: 'matrix', grid: sampleGrid(LAYERS, POSITIONS) },
    sampleRun(LAYERS, POSITIONS),
    DEFAULT_VIEW,
  )
  const nothing = () => undefined
  const draw = () =>
    renderToString(
      <LensGrid
        model={model}
        theme="light"
        selected={{ layer: 20, position: 60 }}
        marks={new Map()}
        pinned={new Set(['20.60'])}
        label="mlp.down"
        onSelect={nothing}
        onPin={nothing}
      />,
    )

  it('draws a window of it, and always the selected cell', () => {
    const html = draw()
    const cells = html.match(/role="gridcell"/g)?.length ?? 0
    expect(cells).toBeGreaterThan(0)
    expect(cells).toBeLessThan(400)
    expect(html).toContain('data-cell="20.60"')
    expect(html).toContain('aria-rowcount="49"')
    expect(html).toContain('aria-colcount="65"')
    expect(html.match(/tabindex="0"/gi)).toHaveLength(1)
  })

  it('is drawn well within a frame budget', () => {
    draw()
    const start = performance.now()
    for (let turn = 0; turn < 5; turn++) draw()
    expect((performance.now() - start) / 5).toBeLessThan(100)
  })
})

describe('what is on screen', () => {
  it('is the visible rows and a margin', () => {
    expect(visibleRange(290, 290, 29, 48, 3)).toEqual({ first: 7, end: 23 })
    expect(visibleRange(0, 0, 29, 48, 3)).toEqual({ first: 0, end: 4 })
    expect(visibleRange(99_999, 290, 29, 48, 3)).toEqual({ first: 44, end: 48 })
    expect(visibleRange(0, 100, 29, 0)).toEqual({ first: 0, end: 0 })
  })

  it('scrolls only as far as it must', () => {
    expect(scrollToShow(5, 29, 0, 290)).toBe(0)
    expect(scrollToShow(20, 29, 0, 290)).toBe(21 * 29 - 290)
    expect(scrollToShow(2, 29, 290, 290)).toBe(58)
  })

  it('shares the room between columns within limits', () => {
    expect(columnWidth(800, 5, 92, 260)).toBe(160)
    expect(columnWidth(800, 64, 92, 260)).toBe(92)
    expect(columnWidth(2000, 2, 92, 260)).toBe(260)
  })
})
