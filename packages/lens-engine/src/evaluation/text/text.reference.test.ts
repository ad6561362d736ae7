import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { textEntropy } from './ngram-entropy.js'
import { parsePunktParameters, type PunktFiles } from './punkt-parameters.js'
import { cosine, fitTfidf, tfidfTerms, tfidfVector } from './tfidf.js'
import { wordTokenize } from './word-tokenize.js'

interface Golden {
  /** Words are joined by U+0001; `trained` stands only where it differs from `words`. */
  readonly cases: readonly { text: string; words: string; trained?: string; entropy: number }[]
  readonly punkt: PunktFiles
  readonly termTexts: readonly string[]
  readonly terms: readonly string[]
  readonly tfidf: {
    readonly fitted: number
    readonly terms: number
    readonly idfSum: number
    readonly pairs: readonly [string, string][]
    readonly cosines: readonly number[]
  }
}

const golden = JSON.parse(
  readFileSync(new URL('../../../goldens-evaluation/texts.json', import.meta.url), 'utf8'),
) as Golden
const trained = parsePunktParameters(golden.punkt)

/** Texts that differ, so that a failure shows the first few and their number. */
const differing = (
  words: (text: string) => string[],
  wanted: (one: Golden['cases'][number]) => string,
): unknown[] =>
  golden.cases
    .filter((one) => words(one.text).join('\x01') !== wanted(one))
    .map((one) => ({ text: one.text, ours: words(one.text), wanted: wanted(one).split('\x01') }))

describe('against NLTK 3.9.2', () => {
  it('has at least 500 texts, on some of which a trained Punkt differs', () => {
    expect(golden.cases.length).toBeGreaterThan(500)
    expect(golden.cases.filter(({ trained: words }) => words !== undefined).length).toBeGreaterThan(
      20,
    )
  })

  it('word_tokenize with an untrained Punkt', () => {
    expect(
      differing(
        (text) => wordTokenize(text),
        ({ words }) => words,
      ),
    ).toEqual([])
  })

  it('word_tokenize with trained parameters', () => {
    const wanted = (one: Golden['cases'][number]): string => one.trained ?? one.words
    expect(differing((text) => wordTokenize(text, trained), wanted)).toEqual([])
  })

  it('n-gram entropy', () => {
    for (const { text, entropy } of golden.cases) {
      expect(Math.abs(textEntropy(text) - entropy)).toBeLessThan(1e-12)
    }
  })
})

describe('against scikit-learn 1.9.1', () => {
  it('terms', () => {
    expect(golden.termTexts.map((text) => tfidfTerms(text).join('\x01'))).toEqual(golden.terms)
  })

  it('smooth idf and cosines', () => {
    const { fitted, terms, idfSum, pairs, cosines } = golden.tfidf
    const model = fitTfidf(golden.cases.slice(0, fitted).map(({ text }) => text))
    expect(model.idf.length).toBe(terms)
    expect(model.idf.reduce((sum, value) => sum + value, 0)).toBeCloseTo(idfSum, 8)
    pairs.forEach(([first, second], index) => {
      const found = cosine(tfidfVector(model, first), tfidfVector(model, second))
      expect(Math.abs(found - cosines[index]!)).toBeLessThan(1e-12)
    })
  })
})
