import { expect, it } from 'vitest'
import { byDay } from './inbox-words'

const at = (day: number, hour: number) => ({
  createdAt: new Date(2026, 10, day, hour).toISOString(),
})

it('cuts a list where a day ends, and names today and yesterday', () => {
  const days = byDay([at(22, 9), at(22, 1), at(21, 23), at(19, 5)], new Date(2026, 10, 22, 10))
  expect(days.map(({ day, items }) => [day, items.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Thursday 19 November', 1],
  ])
})

it('makes nothing of nothing', () => {
  expect(byDay([], new Date())).toEqual([])
})
