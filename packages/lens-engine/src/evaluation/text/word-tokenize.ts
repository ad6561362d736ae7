// Text -> words as NLTK's `word_tokenize` gives them: Punkt sentences, then Treebank words of each.
import type { PunktParameters } from './punkt-parameters.js'
import { splitIntoSentences } from './punkt-sentences.js'
import { splitSentenceIntoWords } from './treebank-words.js'

/**
 * Words of a text. Without parameters Punkt is untrained: it takes every period before white space for a sentence's end
 * ("Mr. Smith" is split as "Mr", ".", "Smith"), but for initials and numbers that its case rules catch.
 */
export function wordTokenize(text: string, parameters?: PunktParameters): string[] {
  return splitIntoSentences(text, parameters).flatMap(splitSentenceIntoWords)
}
