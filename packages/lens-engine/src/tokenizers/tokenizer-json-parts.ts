// Parts of tokenizer.json that every kind of BPE has, each checked before it is used.
import { tokenizerInvalid } from './tokenizer-error.js'

export type JsonObject = Readonly<Record<string, unknown>>

const maximumVocabulary = 2_000_000
/** Ids without an entry that a vocabulary may have beside as many as it has entries; a wild id would cost time and memory. */
const maximumGap = 1024

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
  const limit = 2 * vocabulary.length + maximumGap
  for (const [entry, id] of vocabulary) {
    if (!isId(id) || id >= limit)
      throw tokenizerInvalid(
        'BAD_ID',
        file,
        `the entry ${text(entry)} of ${vocabulary.length} has the id ${text(id)}`,
      )
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

/** Ways of BPE that no model read here uses. @throws TOKENIZER_INVALID naming the setting */
export function checkModelSettings(model: JsonObject, file: string): void {
  for (const name of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix'] as const) {
    const value = model[name] ?? null
    if (value !== null && value !== '' && value !== 0)
      throw tokenizerInvalid('KIND_UNSUPPORTED', file, `model.${name} is ${text(value)}`)
  }
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

/** A token that is matched in the text as a whole. */
export interface AddedToken {
  readonly content: string
  /** Matched in the prepared text; others are cut out of the text before it is prepared. */
  readonly normalized: boolean
}

const unread = ['single_word', 'lstrip', 'rstrip'] as const

/** @throws TOKENIZER_INVALID naming a token whose id, content or way of matching is not read */
export function readAddedTokens(
  value: unknown,
  size: number,
  file: string,
): ReadonlyMap<number, AddedToken> {
  const tokens: unknown = value ?? []
  if (!Array.isArray(tokens))
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'added_tokens is not a list')
  const added = new Map<number, AddedToken>()
  for (const item of tokens) {
    const token = expectObject(item, 'an added token', file)
    const { id, content, normalized, special } = token
    if (!isId(id) || id > size + tokens.length || typeof content !== 'string' || content === '')
      throw tokenizerInvalid(
        'BAD_ID',
        file,
        `an added token has the id ${text(id)} and the content ${text(content)}`,
      )
    const set = unread.find((name) => token[name] === true)
    if (set !== undefined)
      throw tokenizerInvalid(
        'KIND_UNSUPPORTED',
        file,
        `the added token ${text(content)} has ${set}`,
      )
    added.set(id, { content, normalized: (normalized ?? special !== true) === true })
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
