import { describe, expect, it } from 'vitest'
import { chooseScale, linePlot, pathsOf, stepTicks, type Series } from './line-plot-model'

const BOX = { width: 200, height: 100, left: 20, right: 10, top: 10, bottom: 20 }
const series = (values: readonly (number | null)[]): Series => ({
  name: 's',
  values,
  tone: 'first',
})

describe('a plot of lines', () => {
  it('keeps every point inside its box', () => {
    for (const scale of ['linear', 'rank', 'log'] as const) {
      const { x, y } = linePlot([series([5, 1, 0.2])], scale, BOX)
      for (const [index, value] of [5, 1, 0.2].entries()) {
        expect(x(index)).toBeGreaterThanOrEqual(BOX.left)
        expect(x(index)).toBeLessThanOrEqual(BOX.width - BOX.right)
        expect(y(value)).toBeGreaterThanOrEqual(BOX.top - 1e-9)
        expect(y(value)).toBeLessThanOrEqual(BOX.height - BOX.bottom + 1e-9)
      }
    }
  })

  it('puts the best rank on top and larger values higher', () => {
    const rank = linePlot([series([0, 100])], 'rank', BOX)
    expect(rank.y(0)).toBeLessThan(rank.y(100))
    const value = linePlot([series([0, 100])], 'linear', BOX)
    expect(value.y(100)).toBeLessThan(value.y(0))
  })

  it('breaks a line where a number is missing', () => {
    const drawn = series([1, null, 2, 3, Number.NaN])
    const paths = pathsOf(drawn, linePlot([drawn], 'linear', BOX))
    expect(paths.map((path) => path.split(' ').length)).toEqual([1, 2])
  })

  it('chooses a logarithmic axis only where it helps and can', () => {
    expect(chooseScale([series([100, 1])])).toBe('log')
    expect(chooseScale([series([3, 1])])).toBe('linear')
    expect(chooseScale([series([100, 0])])).toBe('linear')
  })

  it('bears nothing at all', () => {
    expect(linePlot([], 'linear', BOX).ticks.length).toBeGreaterThan(0)
    expect(linePlot([series([2, 2])], 'linear', BOX).ticks.every(Number.isFinite)).toBe(true)
  })

  it('numbers few steps, the last among them', () => {
    expect(stepTicks(1)).toEqual([0])
    expect(stepTicks(3)).toEqual([0, 1, 2])
    const many = stepTicks(100)
    expect(many.length).toBeLessThanOrEqual(8)
    expect(many.at(-1)).toBe(99)
  })
})
