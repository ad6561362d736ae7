// Against scikit-learn and krippendorff: tools/goldens/agreement_goldens.py.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { krippendorffAlpha, pairAgreements, sharedItems } from './agreement.js'
import type { PairAgreement, Rating } from './agreement.js'

interface Recorded {
  readonly name: string
  readonly ratings: ({ label: string; tags: string[] } | null)[][]
  readonly pairs: (Omit<PairAgreement, 'first' | 'second'> & { first: number; second: number })[]
  readonly alpha: number | null
}
const file = new URL('../../../goldens/agreement.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Recorded[] }

const ratingsOf = ({ ratings }: Recorded): Rating[] =>
  ratings.flatMap((row, person) =>
    row.flatMap((one, thing) =>
      one === null ? [] : [{ item: `thing ${thing}`, annotator: `person ${person}`, ...one }],
    ),
  )
const close = (value: number | null, expected: number | null): void => {
  if (value === null || expected === null) expect(value).toBe(expected)
  else expect(value).toBeCloseTo(expected, 12)
}

describe('agreement', () => {
  it('has cases of the paradox and of things left out', () => {
    expect(cases.length).toBeGreaterThanOrEqual(10)
    expect(cases.some(({ pairs }) => pairs.some((one) => one.exact >= 0.9 && one.kappa! < 0))).toBe(
      true,
    )
  })

  it.each(cases)('$name', (recorded) => {
    const items = sharedItems(ratingsOf(recorded))
    close(krippendorffAlpha(items), recorded.alpha)
    const pairs = pairAgreements(items)
    expect(pairs).toHaveLength(recorded.pairs.length)
    for (const { first, second, ...expected } of recorded.pairs) {
      const pair = pairs.find(
        (one) => one.first === `person ${first}` && one.second === `person ${second}`,
      )
      expect(pair?.items).toBe(expected.items)
      for (const name of ['exact', 'kappa', 'tagOverlap'] as const)
        close(pair?.[name] ?? null, expected[name])
    }
  })

  it('takes the last of what one person says about one thing', () => {
    const of = (label: string): Rating => ({ item: 'x', annotator: 'a', label, tags: [] })
    const other: Rating = { ...of('new'), annotator: 'b' }
    const [pair] = pairAgreements(sharedItems([of('old'), other, of('new')]))
    expect(pair?.exact).toBe(1)
  })

  it('of nothing is nothing', () => {
    expect(krippendorffAlpha([])).toBeNull()
    expect(pairAgreements([])).toEqual([])
  })
})
