import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addItem,
  mergeStored,
  moveItem,
  orderOf,
  removeItem,
  sameOrder,
  stackOf,
  toggleItem,
} from './stack-model'

const edit = (id: string) => ({ id })
const stack = stackOf(['a', 'b', 'c'].map(edit))

describe('a stack of edits', () => {
  it('applies what is on, in order', () => {
    expect(orderOf(toggleItem(stack, 'b'))).toEqual(['a', 'c'])
    expect(orderOf(toggleItem(toggleItem(stack, 'b'), 'b'))).toEqual(['a', 'b', 'c'])
    expect(orderOf(removeItem(stack, 'a'))).toEqual(['b', 'c'])
  })

  it('adds an edit once', () => {
    expect(orderOf(addItem(stack, edit('d')))).toEqual(['a', 'b', 'c', 'd'])
    expect(orderOf(addItem(toggleItem(stack, 'a'), edit('a')))).toEqual(['a', 'b', 'c'])
  })

  it('moves within its ends', () => {
    expect(orderOf(moveItem(stack, 'a', 1))).toEqual(['b', 'a', 'c'])
    expect(orderOf(moveItem(stack, 'c', -5))).toEqual(['c', 'a', 'b'])
    expect(orderOf(moveItem(stack, 'a', 99))).toEqual(['b', 'c', 'a'])
    expect(moveItem(stack, 'x', 0)).toBe(stack)
  })

  it('loses nothing when something is moved', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'c'), fc.integer(), (id, place) => {
        expect(orderOf(moveItem(stack, id, place)).toSorted()).toEqual(['a', 'b', 'c'])
      }),
    )
  })

  it('takes a newer order and keeps what was set aside', () => {
    const arranged = toggleItem(stack, 'c')
    const before = ['a', 'b', 'c'].map(edit)
    const merged = mergeStored(arranged, before, [edit('b'), edit('a')])
    expect(orderOf(merged)).toEqual(['b', 'a'])
    expect(merged.map((item) => item.edit.id)).toEqual(['b', 'a', 'c'])
  })

  it('keeps what is arranged when the same order is read again', () => {
    const arranged = moveItem(addItem(stack, edit('d')), 'a', 3)
    const again = mergeStored(arranged, ['a', 'b', 'c'].map(edit), ['a', 'b', 'c'].map(edit))
    expect(orderOf(again)).toEqual(['b', 'c', 'd', 'a'])
  })

  it('tells orders apart', () => {
    expect(sameOrder(['a', 'b'], ['b', 'a'])).toBe(false)
    expect(sameOrder([], [])).toBe(true)
    expect(sameOrder(['a'], ['a', 'b'])).toBe(false)
  })
})
