import { expect, it } from 'vitest'
import { completeMention, matchPeople, mentionAt } from './mention-model'

const people = [
  { handle: 'msato', name: 'Aiko Sato' },
  { handle: 'ana', name: 'Ana Keller' },
  { handle: 'sam', name: 'Sam Okafor' },
]

it.each([
  ['@', 1, { start: 0, query: '' }],
  ['see @an', 7, { start: 4, query: 'an' }],
  ['(@an', 4, { start: 1, query: 'an' }],
  ['mail a@b', 8, null],
  ['@ana done', 9, null],
  ['@ana', 2, { start: 0, query: 'a' }],
] as const)('%j with the caret at %i', (text, caret, open) => {
  expect(mentionAt(text, caret)).toEqual(open)
})

it('puts the handle in, with one space behind it', () => {
  expect(completeMention('see @an', { start: 4, query: 'an' }, 'ana')).toEqual({
    text: 'see @ana ',
    caret: 9,
  })
  expect(completeMention('see @an now', { start: 4, query: 'an' }, 'ana').text).toBe('see @ana now')
})

it('finds people by handle before name, and by any of their names', () => {
  expect(matchPeople(people, 's').map(({ handle }) => handle)).toEqual(['sam', 'msato'])
  expect(matchPeople(people, 'KEL').map(({ handle }) => handle)).toEqual(['ana'])
  expect(matchPeople(people, 'zz')).toEqual([])
})
