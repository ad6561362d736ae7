// Parts of tokenizer.json that every kind of BPE has, each checked before it is used.
import { tokenizerInvalid } from './tokenizer-error.js'

export type JsonObject = Readonly<Record<string, unknown>>

const maximumVocabulary = 2_000_000

/** Vocabulary entries by id. @throws TOKENIZER_INVALID */
export function readEntries(value: unknown, file: string): (string | undefined)[] {
  const vocabulary = Object.entries(expectObject(value, 'model.vocab', file))
  const entries: (string | undefined)[] = []
  if (vocabulary.length > maximumVocabulary)
    throw tokenizerInvalid(
      'BAD_STRUCTURE',
      file,
      `a vocabulary of ${vocabulary.length}, more than ${maximumVocabulary}`,
    )
  for (const [entry, id] of vocabulary) {
    if (!isId(id))
      throw tokenizerInvalid('BAD_ID', file, `the entry ${text(entry)} has the id ${text(id)}`)
    if (entries[id] !== undefined)
      throw tokenizerInvalid(
        'BAD_ID',
        file,
        `the entries ${text(entries[id])} and ${text(entry)} share the id ${id}`,
      )
    entries[id] = entry
  }
  return Array.from(entries)
}

export function checkMerges(value: unknown, file: string): void {
  const isPair = (merge: unknown) =>
    typeof merge === 'string'
      ? merge.split(' ').length === 2
      : Array.isArray(merge) &&
        merge.length === 2 &&
        merge.every((part) => typeof part === 'string')
  if (!Array.isArray(value))
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'model.merges is not a list')
  const bad = value.findIndex((merge) => !isPair(merge) || typeof merge !== typeof value[0])
  if (bad >= 0) throw tokenizerInvalid('BAD_MERGE', file, `merge ${bad} is not a pair of entries`)
}

export function readAddedTokens(
  value: unknown,
  size: number,
  file: string,
): ReadonlyMap<number, string> {
  const tokens: unknown = value ?? []
  if (!Array.isArray(tokens))
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'added_tokens is not a list')
  const added = new Map<number, string>()
  for (const item of tokens) {
    const token = expectObject(item, 'an added token', file)
    if (
      !isId(token.id) ||
      token.id > size + tokens.length ||
      typeof token.content !== 'string' ||
      token.content === ''
    )
      throw tokenizerInvalid(
        'BAD_ID',
        file,
        `an added token has the id ${text(token.id)} and the content ${text(token.content)}`,
      )
    added.set(token.id, token.content)
  }
  return added
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < maximumVocabulary
}

export function expectObject(value: unknown, what: string, file: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject
  throw tokenizerInvalid('BAD_STRUCTURE', file, `${what} is not an object`)
}

export function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60)
}
