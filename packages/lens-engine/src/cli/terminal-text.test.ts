import { describe, expect, it } from 'vitest'
import {
  createPaint,
  fitText,
  formatBytes,
  formatColumns,
  padText,
  textWidth,
  visibleToken,
} from './terminal-text.js'

describe('terminal text', () => {
  it('shows spaces and never passes a control character on', () => {
    expect(visibleToken(' Paris')).toBe('·Paris')
    expect(visibleToken('\n\t')).toBe('⏎⇥')
    expect(visibleToken('\u001b[2J\u202e\u00a0')).toBe('\\u{1b}[2J\\u{202e}\\u{a0}')
  })

  it('measures, cuts and fills by columns', () => {
    expect(textWidth('日本')).toBe(4)
    expect(textWidth('e\u0301')).toBe(1)
    expect(fitText('日本語', 5)).toBe('日本…')
    expect(fitText('abc', 3)).toBe('abc')
    expect(padText('日', 4)).toBe('日  ')
    expect(padText('7', 3, 'right')).toBe('  7')
  })

  it('aligns columns, numbers to the right', () => {
    const lines = formatColumns(
      [
        ['name', 'count'],
        ['a', '7'],
        ['long one', '1,234'],
      ],
      createPaint(false),
    )
    expect(lines).toEqual(['name      count', 'a             7', 'long one  1,234'])
  })

  it('paints only where it may', () => {
    expect(createPaint(false)('a', 'bold')).toBe('a')
    expect(createPaint(true)('a', 'bold', 'green')).toBe('\u001b[1;32ma\u001b[0m')
  })

  it('says bytes for people', () => {
    expect([0, 999, 12_345_678, 3e11].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '12.3 MB',
      '300.0 GB',
    ])
  })
})
