import { describe, expect, it } from 'vitest'
import type { KnownFact } from './measure-known-facts.js'
import { drawKnownFacts, knownFactsTable, quartiles } from './report-known-facts.js'

const fact: KnownFact = {
  caseId: 7,
  subject: 'Ada <Lovelace>',
  target: ' London',
  probability: 0.25,
  fromBottom: [900, 0],
  inputFromTop: [30, 2],
  written: { 'mlp.gate': [1, 2], 'mlp.up': [3, 4], 'mlp.down': [5, 6] },
  vjpNorms: {
    'last subject token': [1, 0.1],
    'last prompt token': [0.2, 2],
    'all others': [0.01, 0],
  },
  firstAtBottom: 1,
  firstOnTop: null,
}

describe('the report of known facts', () => {
  it('interpolates quartiles', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual([1.75, 2.5, 3.25])
    expect(quartiles([5])).toEqual([5, 5, 5])
  })

  it('writes a row per fact with a dash for what never happens', () => {
    expect(knownFactsTable([fact], [0, 1]).split('\n').at(-1)).toBe(
      '| 7 | Ada <Lovelace> | London | 0.250 | 1 | 900 | 0 | – |',
    )
  })

  it('draws a line per series and leaves out zeros, which a logarithmic axis has no place for', () => {
    const svg = drawKnownFacts([fact, { ...fact, fromBottom: [9, 0] }], 'a<b')
    expect(svg.match(/stroke-width="1.8"/g)).toHaveLength(8)
    expect(svg).toContain('a&lt;b knows')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})
