// tokenizer.json (untrusted) -> the same object once it is known to be a SentencePiece-like BPE with a token for every byte.
import { tokenizerInvalid } from './tokenizer-error.js'
import type { CheckedTokenizer, TokenizerFile } from './tokenizer-json.js'
import {
  checkMerges,
  expectObject,
  readAddedTokens,
  readEntries,
  type JsonObject,
} from './tokenizer-json-parts.js'

export interface CheckedSentencePiece extends CheckedTokenizer {
  /** The same tokenizer without the space it puts before a text; null when it puts none. */
  readonly withoutPrefix: TokenizerFile | null
}

const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
const prepend = { type: 'Prepend', prepend: '▁' }

/** Whether a parsed tokenizer.json is of this kind, by the setting that only this kind has. */
export function isSentencePiece(value: unknown): boolean {
  const model = (value as { model?: { byte_fallback?: unknown } } | null)?.model
  return model?.byte_fallback === true
}

/** @throws TOKENIZER_INVALID with `details.reason` */
export function checkSentencePieceJson(value: unknown, file: string): CheckedSentencePiece {
  const json = expectObject(value, 'the file', file)
  const model = expectObject(json.model, 'model', file)
  if (model.type !== undefined && model.type !== 'BPE')
    throw tokenizerInvalid('KIND_UNSUPPORTED', file, 'its model has byte_fallback and is not BPE')
  const hasPrefix = readPrefix(json, file)
  const entries = readEntries(model.vocab, file)
  checkBytes(entries, file)
  checkMerges(model.merges, file)
  const added = readAddedTokens(json.added_tokens, entries.length, file)
  const complete = (prefix: boolean): TokenizerFile => ({
    ...json,
    normalizer: {
      type: 'Sequence',
      normalizers: prefix ? [prepend, replaceSpaces] : [replaceSpaces],
    },
    pre_tokenizer: null,
    post_processor: null,
    added_tokens: json.added_tokens ?? [],
    model: { ...model, type: 'BPE' },
  })
  return {
    json: complete(hasPrefix),
    entries,
    added,
    withoutPrefix: hasPrefix ? complete(false) : null,
  }
}

/** Whether a space is put before a text. Only the two normalizers and the pre-tokenizer of published models are known. */
function readPrefix(json: JsonObject, file: string): boolean {
  const steps = normalizerSteps(json.normalizer)
  const written = JSON.stringify(steps)
  if (written === JSON.stringify([prepend, replaceSpaces]) && isAbsent(json.pre_tokenizer))
    return true
  if (written === JSON.stringify([replaceSpaces]) && isAbsent(json.pre_tokenizer)) return false
  throw tokenizerInvalid(
    'KIND_UNSUPPORTED',
    file,
    'it prepares the text in a way that is not on the list (known: Prepend and Replace of spaces)',
  )
}

function normalizerSteps(value: unknown): readonly unknown[] {
  const step = value as { type?: unknown; normalizers?: unknown } | null | undefined
  if (step?.type === 'Sequence' && Array.isArray(step.normalizers)) return step.normalizers
  return isAbsent(step) ? [] : [step]
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined
}

/** Without a token for every byte, a text could change without a word. */
function checkBytes(entries: readonly (string | undefined)[], file: string): void {
  const known = new Set(entries)
  for (let byte = 0; byte < 256; byte++) {
    const name = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
    if (!known.has(name))
      throw tokenizerInvalid('BYTES_MISSING', file, `${name} has no entry in the vocabulary`)
  }
}
