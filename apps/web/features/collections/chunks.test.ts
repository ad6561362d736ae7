import { expect, it } from 'vitest'
import { chunksOf } from './chunks'

it('keeps every item once, in order', () => {
  const list = Array.from({ length: 1001 }, (_, place) => place)
  const parts = chunksOf(list, 500)
  expect(parts.map((part) => part.length)).toEqual([500, 500, 1])
  expect(parts.flat()).toEqual(list)
  expect(chunksOf([], 500)).toEqual([])
})
