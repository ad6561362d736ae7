import { expect, it } from 'vitest'
import { secondsLeftOf } from './edit-progress.service.js'

const begun = (secondsAgo: number) =>
  ({ state: 'RUNNING', startedAt: new Date(Date.now() - secondsAgo * 1_000) }) as const

it('estimates the end from what such edits usually take, and not once that has passed', () => {
  expect(secondsLeftOf(begun(4), 10)).toBeCloseTo(6, 0)
  expect(secondsLeftOf(begun(40), 10)).toBeNull()
  expect(secondsLeftOf({ state: 'QUEUED', startedAt: null }, 10)).toBe(10)
  expect(secondsLeftOf({ ...begun(4), state: 'DONE' }, 10)).toBeNull()
})
