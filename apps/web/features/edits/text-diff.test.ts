import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffTexts } from './text-diff'

const textOf = (parts: readonly { readonly text: string }[]) =>
  parts.map(({ text }) => text).join('')

describe('the difference of two texts', () => {
  it('marks the words that differ', () => {
    const { before, after } = diffTexts('It is in Paris today', 'It is in Berlin today')
    expect(before).toEqual([
      { text: 'It is in', changed: false },
      { text: ' Paris', changed: true },
      { text: ' today', changed: false },
    ])
    expect(after[1]).toEqual({ text: ' Berlin', changed: true })
  })

  it('marks what is only in one of them', () => {
    expect(diffTexts('a b', 'a').before).toEqual([
      { text: 'a', changed: false },
      { text: ' b', changed: true },
    ])
    expect(diffTexts('', 'new').after).toEqual([{ text: 'new', changed: true }])
    expect(diffTexts('', '')).toEqual({ before: [], after: [] })
  })

  it('loses no character, and agrees on what is the same', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'Paris')).map((all) => all.join(' '))
    fc.assert(
      fc.property(words, words, (one, other) => {
        const { before, after } = diffTexts(one, other)
        expect(textOf(before)).toBe(one)
        expect(textOf(after)).toBe(other)
        const same = (parts: typeof before) => textOf(parts.filter(({ changed }) => !changed))
        expect(same(before)).toBe(same(after))
      }),
    )
  })

  it('stays quick on long texts', () => {
    const long = Array.from({ length: 5000 }, (_, index) => `w${index}`).join(' ')
    expect(diffTexts(long, `${long} x`).before).toEqual([{ text: long, changed: true }])
  })
})
