// Segments of prompts: every position in exactly one, in the order a reader would name them.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { promptSegments, segmentMeans, segmentPositions } from './prompt-segments.js'

it('names the parts of a usual prompt', () => {
  expect(segmentPositions(9, { first: 2, end: 5 })).toEqual([
    'before',
    'before',
    'first-subject',
    'middle-subject',
    'last-subject',
    'after',
    'further',
    'further',
    'last',
  ])
})

it('a subject of one token is its last token, and the last token of the prompt comes first', () => {
  expect(segmentPositions(3, { first: 0, end: 1 })).toEqual(['last-subject', 'after', 'last'])
  expect(segmentPositions(4, { first: 1, end: 4 })).toEqual([
    'before',
    'first-subject',
    'middle-subject',
    'last',
  ])
  expect(segmentPositions(2, { first: 1, end: 2 })).toEqual(['before', 'last'])
})

const prompts = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat())
  .map(([length, a, b]) => {
    const first = a % length
    return { length, span: { first, end: first + 1 + (b % (length - first)) } }
  })

it('segments follow each other, the last token is alone, and means of segments give back the sum', () => {
  fc.assert(
    fc.property(prompts, ({ length, span }) => {
      const segments = segmentPositions(length, span)
      expect(segments).toHaveLength(length)
      expect(segments.filter((one) => one === 'last')).toEqual(['last'])
      const order = segments.map((one) => promptSegments.indexOf(one))
      expect(order).toEqual([...order].sort((a, b) => a - b))
      const values = segments.map((_, position) => 1 + position)
      const counts = promptSegments.map((name) => segments.filter((one) => one === name).length)
      const sum = segmentMeans(values, segments).reduce<number>(
        (total, mean, place) => total + (mean ?? 0) * (counts[place] as number),
        0,
      )
      expect(sum).toBeCloseTo((length * (length + 1)) / 2, 6)
    }),
  )
})

it('leaves out what is not a number, and says null where nothing is left', () => {
  const segments = segmentPositions(4, { first: 0, end: 3 })
  expect(segmentMeans([1, Number.NaN, 3, Number.NaN], segments)).toEqual([
    null,
    1,
    null,
    3,
    null,
    null,
    null,
  ])
})
