import { expect, it } from 'vitest'
import { inboxWords, TRIES, verbWords } from './try-list'

it('offers each thing once, within these pages', () => {
  expect(new Set(TRIES.map(({ href }) => href)).size).toBe(TRIES.length)
  expect(TRIES.every(({ href }) => href.startsWith('/'))).toBe(true)
})

it('says what happened', () => {
  expect(verbWords('review.decided')).toBe('review decided')
  expect(inboxWords('MENTION')).toBe('mentioned you')
  expect(inboxWords('NEWER_KIND')).toBe('wrote')
})
