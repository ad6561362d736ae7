import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { csvField, formatCsv } from './csv'

describe('csv', () => {
  it('makes formulas harmless, also behind spaces', () => {
    for (const start of [
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      ' =',
      '\n+',
      '\uff1d',
      '\uff0b',
      '\u00a0=',
      '\ufeff@',
    ])
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

  it('quotes what another locale would split into cells', () => {
    expect(csvField('a;=1+1')).toBe('"a;=1+1"')
    expect(csvField('a\t=1+1')).toBe('"a\t=1+1"')
  })

  it('is written here alone: whoever offers a CSV has it from formatCsv', () => {
    const root = path.join(import.meta.dirname, '..')
    const sources = ['app', 'components', 'features', 'graphql'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
        .map((name) => [name, readFileSync(path.join(root, folder, name), 'utf8')] as const),
    )
    const writers = sources.filter(([, text]) => text.includes('text/csv'))
    expect(writers.length).toBeGreaterThan(8)
    const made = sources.filter(([, text]) => /\bformatCsv\(/.test(text)).map(([, text]) => text)
    for (const [name, text] of writers) {
      if (text.includes('formatCsv')) continue
      const used = [...text.matchAll(/(\w+Csv)\(/g)].map(([, found]) => found)
      const known = used.some((one) => made.some((other) => other.includes(`function ${one}(`)))
      expect(`${name} ${known}`).toBe(`${name} true`)
    }
  })
})
