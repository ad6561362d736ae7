import { expect, it } from 'vitest'
import { safeReturn, signInAddress } from './addresses'

it('comes back to where one was', () => {
  expect(safeReturn('/lens?run=1&layer=2')).toBe('/lens?run=1&layer=2')
  expect(signInAddress('/edits/a?b=1')).toBe('/sign-in?next=%2Fedits%2Fa%3Fb%3D1')
  expect(signInAddress('/join/token')).toBe('/sign-in?next=%2Fjoin%2Ftoken')
})

it.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/a\\b',
  '/a\nb',
  'javascript:alert(1)',
  '/sign-in?next=/sign-in',
  '/share/token',
])('never leaves these pages, and never goes round: %j', (wanted) => {
  expect(safeReturn(wanted)).toBe('/lens')
})
