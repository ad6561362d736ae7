// tokenizer.json (untrusted) -> the same object once it is known to be a byte-level BPE whose patterns are known and safe.
import { byteCharacters } from './byte-alphabet.js'
import { splitPatterns } from './split-patterns.js'
import { readStartTokens } from './start-tokens.js'
import { tokenizerInvalid } from './tokenizer-error.js'
import {
  checkMerges,
  checkModelSettings,
  expectObject,
  readAddedTokens,
  readEntries,
  text,
  type AddedToken,
  type JsonObject,
} from './tokenizer-json-parts.js'

/** What the adapter needs to know of a checked tokenizer.json. */
export interface CheckedTokenizer {
  /** The parsed file, for the tokenizer library. */
  readonly json: TokenizerFile
  /** Vocabulary entry of each id; added tokens are in `added`. */
  readonly entries: readonly (string | undefined)[]
  readonly added: ReadonlyMap<number, AddedToken>
  /** Ids that stand before a text of its own, such as Llama's <s>. */
  readonly startIds: readonly number[]
  /** Whether the text is read in Unicode's NFC. */
  readonly composed: boolean
}

export type TokenizerFile = JsonObject & {
  readonly model: JsonObject
  readonly pre_tokenizer: JsonObject | null
}

/** Bytes that every vocabulary must spell. */
const firstPrintable = 0x20
const lastPrintable = 0x7e

/**
 * Patterns a Split pre-tokenizer may name. A pattern chosen by the file would run in a backtracking engine and could
 * hang it, so only those of published byte-level models pass: GPT-2's, Llama 3's and Qwen 2's.
 */
const knownPatterns: ReadonlySet<string> = new Set(Object.values(splitPatterns))

/** Checks the parsed content of a tokenizer.json. @throws TOKENIZER_INVALID with `details.reason` */
export function checkTokenizerJson(value: unknown, file: string): CheckedTokenizer {
  const json = expectObject(value, 'the file', file)
  const model = expectObject(json.model, 'model', file)
  if (model.type !== undefined && model.type !== 'BPE')
    throw tokenizerInvalid('KIND_UNSUPPORTED', file, `its model is ${text(model.type)}, not BPE`)
  checkModelSettings(model, file)
  const composed = readComposed(json.normalizer, file)
  const preTokenizer = checkPreTokenizer(json.pre_tokenizer, file)
  const entries = readVocabulary(model.vocab, file)
  checkMerges(model.merges, file)
  const added = readAddedTokens(json.added_tokens, entries.length, file)
  const known = (id: number) => added.has(id) || entries[id] !== undefined
  const startIds = readStartTokens(json.post_processor, known, file)
  return { json: completeJson(json, model, preTokenizer), entries, added, startIds, composed }
}

/** Whether the normalizer is NFC, as Qwen's and GPT-NeoX's; no other is read. */
function readComposed(value: unknown, file: string): boolean {
  if (value === null || value === undefined) return false
  const { type } = expectObject(value, 'normalizer', file)
  if (type === 'NFC') return true
  throw tokenizerInvalid(
    'KIND_UNSUPPORTED',
    file,
    `it normalizes the text by ${text(type)} (known for byte-level models: NFC)`,
  )
}

/** The library asks for keys that the format allows to be absent; what surrounds a text and what decodes it is ours. */
function completeJson(
  json: JsonObject,
  model: JsonObject,
  preTokenizer: JsonObject,
): TokenizerFile {
  return {
    added_tokens: json.added_tokens ?? [],
    normalizer: json.normalizer ?? null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: null,
    model: { ...model, type: 'BPE' },
  }
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
  const before = steps.slice(0, -1)
  if (last.use_regex !== false && !before.every(isSingleDigits))
    throw tokenizerInvalid(
      'KIND_UNSUPPORTED',
      file,
      'it splits the text by two patterns, one after the other',
    )
  const unknown = before.find((step) => !isSingleDigits(step) && !isKnownSplit(step))
  if (unknown !== undefined)
    throw tokenizerInvalid(
      'PATTERN_UNKNOWN',
      file,
      `its pre-tokenizer ${text(unknown.type)} has a pattern that is not on the list`,
    )
  return value as JsonObject
}

/** SmolLM's and StarCoder's first step. */
function isSingleDigits({ type, individual_digits: individual }: JsonObject): boolean {
  return type === 'Digits' && individual === true
}

function isKnownSplit({ type, pattern, behavior, invert }: JsonObject): boolean {
  const source = (pattern as JsonObject | undefined)?.Regex
  const isolated = (behavior ?? 'Isolated') === 'Isolated' && (invert ?? false) === false
  return type === 'Split' && isolated && typeof source === 'string' && knownPatterns.has(source)
}

function expandSequence(value: unknown, file: string): readonly JsonObject[] {
  const step = expectObject(value, 'pre_tokenizer', file)
  if (step.type !== 'Sequence') return [step]
  if (!Array.isArray(step.pretokenizers) || step.pretokenizers.length > 4)
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'pre_tokenizer.pretokenizers is not a short list')
  return step.pretokenizers.map((item) => expectObject(item, 'a pre-tokenizer', file))
}

function readVocabulary(value: unknown, file: string): (string | undefined)[] {
  const entries = readEntries(value, file)
  const missing = missingBytes(entries).find(
    (byte) => byte >= firstPrintable && byte <= lastPrintable,
  )
  if (missing !== undefined)
    throw tokenizerInvalid('BYTES_MISSING', file, `byte ${missing} has no entry in the vocabulary`)
  return entries
}

/** Bytes without an entry: published vocabularies (SmolLM2's) lack control characters. */
export function missingBytes(entries: readonly (string | undefined)[]): readonly number[] {
  const known = new Set(entries)
  return [...byteCharacters.keys()].filter((byte) => !known.has(byteCharacters[byte]))
}
