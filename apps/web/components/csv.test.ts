import { describe, expect, it } from 'vitest'
import { csvField, formatCsv } from './csv'

describe('csv', () => {
  it('makes formulas harmless, also behind spaces', () => {
    for (const start of ['=', '+', '-', '@', '\t', ' =', '\n+'])
      expect(csvField(`${start}cmd()`).replace(/^"/, '')).toMatch(/^'/)
  })

  it('leaves numbers alone, negative ones too', () => {
    expect(csvField(-0.5)).toBe('-0.5')
    expect(csvField(null)).toBe('')
  })

  it('quotes commas, quotes, line ends and outer spaces', () => {
    expect(csvField('a,"b"\n')).toBe('"a,""b""\n"')
    expect(csvField(' Paris')).toBe('" Paris"')
  })

  it('ends every row', () => {
    expect(formatCsv(['a', 'b'], [[1, 'x']])).toBe('a,b\r\n1,x\r\n')
  })
})
