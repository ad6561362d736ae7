import { describe, expect, it } from 'vitest'
import { armLabels, armTones, columnsOf } from '../comparison-model'
import { armRows, uneditedRows } from '../table/table-model'
import { sampleComparison } from '../testing'
import { placeLabels, radiusOf, tradePoints } from './trade-off-model'

const comparison = sampleComparison()
const columns = columnsOf(comparison)
const names = { labels: armLabels(comparison.arms), tones: armTones(comparison.arms) }

describe('the points', () => {
  it('are the rows that have both metrics', () => {
    const rows = [...armRows(comparison, columns), ...uneditedRows(comparison, columns)]
    const points = tradePoints(rows, columns[0]!, columns[1]!, names)
    expect(points.map(({ id }) => id)).toEqual(['rome', 'memit'])
    const own = tradePoints(rows, columns[0]!, columns[0]!, names)
    expect(own.at(-1)).toMatchObject({ hollow: true, label: 'unedited facts-gpt2' })
  })

  it('give the control its own colour and every arm another', () => {
    const tones = [...names.tones.values()]
    expect(new Set(tones).size).toBe(tones.length)
    expect(names.tones.get('none')).toBe('var(--arm-control)')
  })

  it('grow in area with the cost', () => {
    const [small, large] = [radiusOf(1, 4), radiusOf(4, 4)]
    expect(large).toBe(20)
    expect((small / large) ** 2).toBeCloseTo(1 / 4)
    expect(radiusOf(0.01, 4)).toBe(3.4)
    expect(radiusOf(null, 4)).toBe(3.4)
    expect(radiusOf(1, 0)).toBe(3.4)
  })
})

describe('labels', () => {
  const frame = { left: 0, right: 400, top: 0, bottom: 300 }
  const width = (text: string) => text.length * 6.4

  it('do not cover each other', () => {
    const spots = ['rome', 'r-rome', 'memit'].map((text, at) => ({ x: 200 + at * 4, y: 150, text }))
    const placed = placeLabels(spots, frame)
    const boxes = placed.map(({ x, y, anchor }, at) => {
      const long = width(spots[at]!.text)
      const left = anchor === 'start' ? x : anchor === 'end' ? x - long : x - long / 2
      return { left, right: left + long, y }
    })
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const apart = a.right <= b.left || b.right <= a.left || Math.abs(a.y - b.y) >= 11
        expect(apart).toBe(true)
      }),
    )
  })

  it('stay in the plot', () => {
    const [placed] = placeLabels([{ x: 398, y: 2, text: 'forward-shift' }], frame)
    expect(placed?.anchor).toBe('end')
    expect(placed?.y).toBeGreaterThan(8)
  })
})
