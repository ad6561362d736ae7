import { scaleLinear } from 'd3-scale'
import { expect, it } from 'vitest'
import type { Thread } from '../thread-model'
import {
  heldTalking,
  laneRegion,
  lanesOf,
  numberedRegions,
  pixelsOf,
  quiet,
  regionIn,
} from './region-model'

const across = scaleLinear([0, 100], [50, 450])
const up = scaleLinear([0, 100], [300, 20])
const frame = { left: 50, right: 450, top: 20, bottom: 300 }

function thread(id: string, region: number[] | null, more: Partial<Thread> = {}): Thread {
  return {
    id,
    body: 'why so low?',
    deleted: false,
    resolvedAt: null,
    author: { name: 'Ana' },
    anchor: { region },
    ...more,
  } as unknown as Thread
}

it('goes from pixels to units and back', () => {
  const pulled = { left: 90, right: 210, top: 76, bottom: 188 }
  const region = regionIn(pulled, across, up)
  expect(region).toEqual([10, 40, 40, 80])
  const back = pixelsOf(region, across, up, frame)
  for (const [side, pixel] of Object.entries(pulled))
    expect(back?.[side as keyof typeof pulled]).toBeCloseTo(pixel)
})

it('cuts at the frame, and leaves out what is outside of it', () => {
  expect(pixelsOf([-50, 50, 10, 200], across, up, frame)).toEqual({
    left: 50,
    right: 90,
    top: 20,
    bottom: 160,
  })
  expect(pixelsOf([120, 0, 150, 10], across, up, frame)).toBeNull()
})

it('numbers threads by age; those about the whole chart keep their number without a box', () => {
  const regions = numberedRegions([
    thread('a', null),
    thread('b', [40, 80, 10, 20]),
    thread('c', [1, 2, 3, 4], { deleted: true }),
  ])
  expect(regions).toMatchObject([{ id: 'b', number: 2, region: [10, 20, 40, 80] }])
  expect(regions[0]?.words).toBe('Ana: why so low?')
})

it('keeps a region to its lane, wherever that stands, and away where it is not shown', () => {
  const region = laneRegion(10, 40, 2)
  const at = (shown: readonly number[]) => pixelsOf(region, across, lanesOf(shown, 50), frame)
  expect(at([0, 1, 2])?.left).toBeCloseTo(90)
  expect(at([0, 1, 2])?.right).toBeCloseTo(210)
  expect(at([0, 1, 2])?.top).toBeCloseTo(105)
  expect(at([0, 1, 2])?.bottom).toBeCloseTo(145)
  expect(at([4, 2])?.top).toBeCloseTo(55)
  expect(at([0, 1])).toBeNull()
})

it('holds a pulled region no longer than what it chose, and for its chart only', () => {
  const pulled = { ...quiet('ES'), region: [1, 2, 3, 4] as const, chose: ['a', 'b'] }
  expect(heldTalking(pulled, 'ES', ['b', 'c', 'a'])).toBe(pulled)
  expect(heldTalking(pulled, 'ES', ['a', 'c'])).toEqual(quiet('ES'))
  expect(heldTalking(pulled, 'ES', [])).toEqual(quiet('ES'))
  expect(heldTalking(pulled, 'PS', ['a', 'b'])).toEqual(quiet('PS'))
  const opened = { ...quiet('ES'), opened: true }
  expect(heldTalking(opened, 'ES', [])).toBe(opened)
})
