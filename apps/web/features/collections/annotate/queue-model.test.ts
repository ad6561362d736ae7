import { expect, it } from 'vitest'
import { actOf, nextOpen, progressOf, startOf } from './queue-model'

const item = (id: string, done = false) => ({ id, mine: done ? { id: `of-${id}` } : null })
const press = (key: string, typing = false, modified = false) => actOf({ key, typing, modified })

it('counts what is done', () => {
  expect(progressOf([item('a', true), item('b')])).toEqual({ done: 1, total: 2, finished: false })
  expect(progressOf([item('a', true)]).finished).toBe(true)
  expect(progressOf([]).finished).toBe(false)
})

it('starts with the first that is not done, and goes round to the next', () => {
  const items = [item('a', true), item('b'), item('c', true), item('d')]
  expect(startOf(items)).toBe(1)
  expect(nextOpen(items, 1)).toBe(3)
  expect(nextOpen(items, 3)).toBe(1)
  expect(startOf([item('a', true)])).toBe(0)
  expect(nextOpen([item('a', true)], 0)).toBeNull()
  expect(nextOpen([], 0)).toBeNull()
})

it('comes back to the only one that is left', () => {
  expect(nextOpen([item('a', true), item('b')], 1)).toBe(1)
})

it('reads keys whatever their case', () => {
  expect(press('j')).toEqual({ kind: 'move', by: 1 })
  expect(press('K')).toEqual({ kind: 'move', by: -1 })
  expect(press('7')).toEqual({ kind: 'confidence', value: 0.7 })
  expect(press('0')).toBeNull()
  expect(press('Enter')).toEqual({ kind: 'submit' })
  expect(press('q')).toBeNull()
})

it('leaves what is typed alone', () => {
  expect(press('j', true)).toBeNull()
  expect(press('5', true)).toBeNull()
  expect(press('Enter', true)).toBeNull()
  expect(press('Escape', true)).toEqual({ kind: 'leave' })
  expect(press('Enter', true, true)).toEqual({ kind: 'submit' })
  expect(press('j', false, true)).toBeNull()
})
