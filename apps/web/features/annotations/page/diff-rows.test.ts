import { expect, it } from 'vitest'
import { diffRows } from './diff-rows'

const piece = (field: string, kind: string, text: string) => ({ field, kind, text })

it('keeps the fields that changed, in order', () => {
  const rows = diffRows([
    piece('label', 'same', 'French '),
    piece('label', 'removed', 'towns'),
    piece('label', 'added', 'cities'),
    piece('tags', 'same', 'a'),
    piece('confidence', 'ADDED', '0.7'),
  ])
  expect(rows.map(({ field }) => field)).toEqual(['label', 'confidence'])
  expect(rows[0]?.parts.map(({ text }) => text)).toEqual(['French ', 'towns', 'cities'])
  expect(rows[1]?.parts[0]?.kind).toBe('added')
})

it('has no row for a version without changes', () => {
  expect(diffRows([])).toEqual([])
  expect(diffRows([piece('label', 'same', 'x')])).toEqual([])
})
