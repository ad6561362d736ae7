// Generated text -> the entropy of its n-grams (fluency): ROME, appendix on evaluation; Zhang et al. 2018.
import type { PunktParameters } from './punkt-parameters.js'
import { wordTokenize } from './word-tokenize.js'

/** Entropy in bits of the n-grams of the words; 0 with fewer than n words. */
export function ngramEntropy(words: readonly string[], n: number): number {
  const counts = new Map<string, number>()
  for (let start = 0; start + n <= words.length; start++) {
    const key = words.slice(start, start + n).join('\0')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const total = Math.max(0, words.length - n + 1)
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / total) * Math.log2(count / total)
  return entropy
}

/** Fluency of one text in bits: the mean of 2/3 H_2 and 4/3 H_3, that is H_2 / 3 + 2 H_3 / 3. Not times 100. */
export function textEntropy(text: string, parameters?: PunktParameters): number {
  const words = wordTokenize(text, parameters)
  return (ngramEntropy(words, 2) + 2 * ngramEntropy(words, 3)) / 3
}

/** Mean of `textEntropy` over texts; null without a text. */
export function meanTextEntropy(
  texts: readonly string[],
  parameters?: PunktParameters,
): number | null {
  if (texts.length === 0) return null
  const sum = texts.reduce((total, text) => total + textEntropy(text, parameters), 0)
  return sum / texts.length
}

/** A sampled text as the reference code scores it: NFKD, blank lines to spaces, end-of-text marks dropped. */
export function cleanGeneratedText(text: string): string {
  return text.normalize('NFKD').replaceAll('\n\n', ' ').replaceAll('<|endoftext|>', '')
}
