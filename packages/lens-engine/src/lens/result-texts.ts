// Text of every token id that occurs in a result, so that readers need no tokenizer.
import type { Tokenizer } from '../tokenizers/tokenizer.js'

/** Display text of a token; without a tokenizer its id in brackets. */
export function tokenText(tokenizer: Tokenizer | null, id: number): string {
  return tokenizer === null ? `<${id}>` : tokenizer.tokenText(id)
}

export function collectTexts(
  tokenizer: Tokenizer | null,
  lists: readonly Iterable<number>[],
): Readonly<Record<number, string>> {
  const texts: Record<number, string> = {}
  for (const list of lists) {
    for (const id of list) texts[id] ??= tokenText(tokenizer, id)
  }
  return texts
}
