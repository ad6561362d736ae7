import { expect, it } from 'vitest'
import { strengthOf } from './password-strength'

it('asks for ten characters', () => {
  expect(strengthOf('Tr0ub4dor').level).toBe(0)
})

it.each([
  ['aaaaaaaaaaaaaaaa', 1],
  ['1234567890', 1],
  ['password12', 1],
  ['kqzrwmvbtx', 2],
  ['correct horse battery staple', 4],
  ['m8$Vq!2xRz9K', 3],
])('%s is of level %i', (password, level) => {
  expect(strengthOf(password).level).toBe(level)
})

it('finds names in it', () => {
  expect(strengthOf('MinaKato-2026!x', ['mina', 'kato']).words).toContain('your name')
})
