import { expect, it } from 'vitest'
import { commentAddress, linkedComment } from './linked-comment'

it('finds the comment that an address names', () => {
  expect(linkedComment({ search: '?run=1&comment=c1', hash: '' })).toBe('c1')
  expect(linkedComment({ search: '?run=1', hash: '#comment-c2' })).toBe('c2')
  expect(linkedComment({ search: '?run=1', hash: '#model-3' })).toBeNull()
})

it('adds a comment to the address of its place', () => {
  expect(commentAddress('/lens?run=1&cell=5.3', 'c1')).toBe('/lens?run=1&cell=5.3&comment=c1')
  expect(commentAddress('/edits/7', 'c1')).toBe('/edits/7?comment=c1')
  expect(commentAddress('/lens?run=1&comment=c0', 'c1')).toBe('/lens?run=1&comment=c1')
})
