import { describe, expect, it } from 'vitest'
import { NO_FILTER, withRange } from '../comparison-view'
import { binsBetween, Gesture, inside, pulledBox, rangeOfBins, snapToEdges } from './brush-model'

const BOX = { left: 10, right: 110, top: 10, bottom: 60 }

describe('a brush', () => {
  it('is a rectangle whichever way it is pulled, inside its plot', () => {
    const down = pulledBox({ from: { x: 0, y: 0 }, to: { x: 50, y: 40 } }, BOX)
    const up = pulledBox({ from: { x: 50, y: 40 }, to: { x: 0, y: 0 } }, BOX)
    expect(down).toEqual({ left: 10, right: 50, top: 10, bottom: 40 })
    expect(up).toEqual(down)
    expect(inside({ x: 50, y: 40 }, down!)).toBe(true)
    expect(inside({ x: 51, y: 40 }, down!)).toBe(false)
  })

  it('is none for a click', () => {
    expect(pulledBox({ from: { x: 20, y: 20 }, to: { x: 22, y: 21 } }, BOX)).toBeNull()
  })
})

describe('a gesture', () => {
  it('that pulls is no click on what it ended over; the next one is', () => {
    const gesture = new Gesture()
    gesture.press({ x: 20, y: 20 })
    gesture.move({ x: 60, y: 50 })
    expect(gesture.release(BOX)).toEqual({ left: 20, right: 60, top: 20, bottom: 50 })
    expect(gesture.takesClick()).toBe(false)
    gesture.press({ x: 30, y: 30 })
    gesture.move({ x: 31, y: 31 })
    expect(gesture.release(BOX)).toBeNull()
    expect(gesture.takesClick()).toBe(true)
  })

  it('without a press is nothing, and a click without one is a click', () => {
    const gesture = new Gesture()
    expect(gesture.move({ x: 60, y: 50 })).toBeNull()
    expect(gesture.release(BOX)).toBeNull()
    expect(gesture.takesClick()).toBe(true)
  })

  it('that was taken away leaves nothing behind', () => {
    const gesture = new Gesture()
    gesture.press({ x: 20, y: 20 })
    gesture.cancel()
    expect(gesture.move({ x: 60, y: 50 })).toBeNull()
    gesture.press({ x: 20, y: 20 })
    gesture.move({ x: 60, y: 50 })
    gesture.release(BOX)
    // As a screen reader presses: no pointer comes before the click.
    gesture.cancel()
    expect(gesture.takesClick()).toBe(true)
  })
})

describe('bins', () => {
  const edges = [0, 10, 20, 30]

  it('are taken whole', () => {
    expect(snapToEdges(12, 18, edges)).toEqual([10, 20])
    expect(snapToEdges(10, 20, edges)).toEqual([10, 20])
    expect(snapToEdges(10, 10, edges)).toEqual([10, 20])
    expect(snapToEdges(-5, 99, edges)).toEqual([0, 30])
    expect(snapToEdges(40, 50, edges)).toBeNull()
    expect(snapToEdges(0, 1, [])).toBeNull()
  })

  // As the API counts: bins are closed below and open above, the last one closed on both sides.
  it('list what they count, also where values lie on edges', () => {
    const [low, count] = [-100, 30]
    const tens = Array.from({ length: count + 1 }, (_, index) => low + (200 * index) / count)
    const values = Array.from({ length: 21 }, (_, index) => low + index * 10)
    for (let from = 0; from < count; from++)
      for (let to = from + 1; to <= count; to++) {
        const { min, max } = rangeOfBins([tens[from]!, tens[to]!], tens)
        const counted = values.filter(
          (value) => value >= tens[from]! && (value < tens[to]! || to === count),
        )
        expect(values.filter((value) => value >= min && value <= max)).toEqual(counted)
        expect(binsBetween(min, max, tens)).toEqual([from, to])
      }
  })

  it('are found again from the range of a filter', () => {
    const brushed = snapToEdges(12, 27, edges)!
    const { ranges } = withRange(NO_FILTER, {
      armId: 'a',
      metric: 'ES',
      ...rangeOfBins(brushed, edges),
      side: 'AFTER',
    })
    expect(binsBetween(ranges[0]!.min, ranges[0]!.max, edges)).toEqual([1, 3])
    expect(binsBetween(null, 10, edges)).toEqual([0, 1])
    expect(binsBetween(35, null, edges)).toEqual([3, 3])
  })
})
