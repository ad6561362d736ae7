// Texts -> TF-IDF vectors as scikit-learn's default TfidfVectorizer gives them, and their cosine (reference score).
import { LensEngineError } from '../../errors.js'
import { WORD } from './python-text.js'

/** Terms and their inverse document frequencies. */
export interface TfidfModel {
  readonly vocabulary: ReadonlyMap<string, number>
  /** One weight per term. */
  readonly idf: Float64Array
}

/** A sparse vector of length 1 (or empty): weight by term index. */
export type TfidfVector = ReadonlyMap<number, number>

const term = new RegExp(`[${WORD}]{2,}`, 'gu')

/** Lower-case runs of two or more word characters: scikit-learn's `(?u)\b\w\w+\b`. */
export function tfidfTerms(text: string): string[] {
  return text.toLowerCase().match(term) ?? []
}

/** A model from documents: idf = ln((1 + n) / (1 + documents with the term)) + 1 (smooth idf). */
export function fitTfidf(documents: Iterable<string>): TfidfModel {
  const found = new Map<string, number>()
  let count = 0
  for (const document of documents) {
    count++
    for (const word of new Set(tfidfTerms(document))) found.set(word, (found.get(word) ?? 0) + 1)
  }
  const words = [...found.keys()].sort()
  const idf = Float64Array.from(words, (word) => Math.log((1 + count) / (1 + found.get(word)!)) + 1)
  return { vocabulary: new Map(words.map((word, index) => [word, index])), idf }
}

/**
 * A model from a stored vocabulary and idf, such as ROME's `tfidf_vocab.json` and `idf.npy`.
 * @throws DATASET_INVALID when an index of the vocabulary has no weight
 */
export function tfidfModel(vocabulary: ReadonlyMap<string, number>, idf: Float64Array): TfidfModel {
  for (const [word, index] of vocabulary) {
    if (Number.isInteger(index) && index >= 0 && index < idf.length) continue
    const message = `the vocabulary gives "${word}" index ${index}, but there are ${idf.length} weights`
    throw new LensEngineError('DATASET_INVALID', message, {
      details: { word, index, weights: idf.length },
      cure: 'Use the vocabulary and the idf file of one model.',
    })
  }
  return { vocabulary, idf }
}

/** Term counts times idf, scaled to length 1; unknown terms are left out. */
export function tfidfVector({ vocabulary, idf }: TfidfModel, text: string): TfidfVector {
  const weights = new Map<number, number>()
  for (const word of tfidfTerms(text)) {
    const index = vocabulary.get(word)
    if (index !== undefined) weights.set(index, (weights.get(index) ?? 0) + idf[index]!)
  }
  let squares = 0
  for (const weight of weights.values()) squares += weight * weight
  const length = Math.sqrt(squares)
  for (const [index, weight] of weights) weights.set(index, weight / length)
  return weights
}

/** Cosine of two TF-IDF vectors; 0 when one of them is empty. */
export function cosine(first: TfidfVector, second: TfidfVector): number {
  let sum = 0
  for (const [index, weight] of first) sum += weight * (second.get(index) ?? 0)
  return sum
}

/** Reference score of generated texts against reference texts, each joined by spaces; not times 100. */
export function referenceScore(
  model: TfidfModel,
  generated: readonly string[],
  references: readonly string[],
): number {
  return cosine(tfidfVector(model, generated.join(' ')), tfidfVector(model, references.join(' ')))
}
