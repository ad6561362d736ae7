// tokenizer.json (untrusted) -> the same object once it is known to be a byte-level BPE whose patterns are known and safe.
import { byteCharacters } from './byte-alphabet.js'
import { tokenizerInvalid } from './tokenizer-error.js'

/** What the adapter needs to know of a checked tokenizer.json. */
export interface CheckedTokenizer {
  /** The parsed file, for the tokenizer library. */
  readonly json: TokenizerFile
  /** Vocabulary entry of each id; added tokens are in `added`. */
  readonly entries: readonly (string | undefined)[]
  /** Content of each added token by id. */
  readonly added: ReadonlyMap<number, string>
}

type JsonObject = Readonly<Record<string, unknown>>
export type TokenizerFile = JsonObject & {
  readonly model: JsonObject
  readonly pre_tokenizer: JsonObject
}

const maximumVocabulary = 2_000_000

/**
 * Patterns a Split pre-tokenizer may name. A pattern chosen by the file would run in a backtracking engine and could
 * hang it, so only those of published byte-level models pass: GPT-2's, Llama 3's and Qwen 2's.
 */
const knownSplitPatterns: ReadonlySet<string> = new Set([
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
])

/** Checks the parsed content of a tokenizer.json. @throws TOKENIZER_INVALID with `details.reason` */
export function checkTokenizerJson(value: unknown, file: string): CheckedTokenizer {
  const json = expectObject(value, 'the file', file)
  const model = expectObject(json.model, 'model', file)
  if (model.type !== undefined && model.type !== 'BPE')
    throw tokenizerInvalid('KIND_UNSUPPORTED', file, `its model is ${text(model.type)}, not BPE`)
  if (json.normalizer !== null && json.normalizer !== undefined)
    throw tokenizerInvalid(
      'KIND_UNSUPPORTED',
      file,
      'it normalizes the text, which byte-level models do not',
    )
  const preTokenizer = checkPreTokenizer(json.pre_tokenizer, file)
  const entries = readVocabulary(model.vocab, file)
  checkMerges(model.merges, file)
  const added = readAddedTokens(json.added_tokens, entries.length, file)
  return { json: completeJson(json, model, preTokenizer), entries, added }
}

/** The library asks for keys that the format allows to be absent. Special tokens are never put around a text. */
function completeJson(
  json: JsonObject,
  model: JsonObject,
  preTokenizer: JsonObject,
): TokenizerFile {
  const empty = { normalizer: null, post_processor: null, decoder: null, added_tokens: [] }
  return { ...empty, ...json, pre_tokenizer: preTokenizer, model: { ...model, type: 'BPE' } }
}

/** Answers the pre-tokenizer, a sequence of one unwrapped. */
function checkPreTokenizer(value: unknown, file: string): JsonObject {
  const steps = expandSequence(value, file)
  const last = steps.at(-1)
  if (last?.type !== 'ByteLevel')
    throw tokenizerInvalid('KIND_UNSUPPORTED', file, 'its text is not split into bytes (ByteLevel)')
  if (last.add_prefix_space === true)
    throw tokenizerInvalid(
      'KIND_UNSUPPORTED',
      file,
      'it adds a space before the text (add_prefix_space)',
    )
  if (steps.length === 1) return last
  if (last.use_regex !== false)
    throw tokenizerInvalid(
      'KIND_UNSUPPORTED',
      file,
      'it splits the text by two patterns, one after the other',
    )
  for (const step of steps.slice(0, -1)) {
    const pattern = (step.pattern as JsonObject | undefined)?.Regex
    if (step.type !== 'Split' || typeof pattern !== 'string' || !knownSplitPatterns.has(pattern))
      throw tokenizerInvalid(
        'PATTERN_UNKNOWN',
        file,
        `its pre-tokenizer ${text(step.type)} has a pattern that is not on the list`,
      )
  }
  return value as JsonObject
}

function expandSequence(value: unknown, file: string): readonly JsonObject[] {
  const step = expectObject(value, 'pre_tokenizer', file)
  if (step.type !== 'Sequence') return [step]
  if (!Array.isArray(step.pretokenizers) || step.pretokenizers.length > 4)
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'pre_tokenizer.pretokenizers is not a short list')
  return step.pretokenizers.map((item) => expectObject(item, 'a pre-tokenizer', file))
}

function readVocabulary(value: unknown, file: string): (string | undefined)[] {
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
  const known = new Set(vocabulary.map(([entry]) => entry))
  const missing = byteCharacters.findIndex((character) => !known.has(character))
  // The library drops what it cannot spell, so a text would change without a word.
  if (missing >= 0)
    throw tokenizerInvalid('BYTES_MISSING', file, `byte ${missing} has no entry in the vocabulary`)
  return Array.from(entries)
}

function checkMerges(value: unknown, file: string): void {
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

function readAddedTokens(value: unknown, size: number, file: string): ReadonlyMap<number, string> {
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

function expectObject(value: unknown, what: string, file: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject
  throw tokenizerInvalid('BAD_STRUCTURE', file, `${what} is not an object`)
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60)
}
