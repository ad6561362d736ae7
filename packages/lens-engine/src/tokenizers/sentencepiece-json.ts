// tokenizer.json (untrusted) -> the same object once it is known to be a SentencePiece-like BPE with a token for every byte.
import { readStartTokens } from './start-tokens.js'
import type { SpacePrefix } from './token-places.js'
import { tokenizerInvalid } from './tokenizer-error.js'
import type { CheckedTokenizer, TokenizerFile } from './tokenizer-json.js'
import {
  checkMerges,
  checkModelSettings,
  expectObject,
  readAddedTokens,
  readEntries,
  text,
  type JsonObject,
} from './tokenizer-json-parts.js'

export interface CheckedSentencePiece extends CheckedTokenizer {
  readonly prefix: SpacePrefix
  /** The same tokenizer without the space it puts before a text; null when it puts none. */
  readonly withoutPrefix: TokenizerFile | null
}

/** How a text is prepared: where a space is put before it, and by which steps, with or without that space. */
interface Preparation {
  readonly prefix: SpacePrefix
  steps(prefixed: boolean): Pick<TokenizerFile, 'normalizer' | 'pre_tokenizer'>
}

const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
const prepend = { type: 'Prepend', prepend: '▁' }
/** What Metaspace does besides where it splits the text: before each "▁". */
const splitWords = {
  type: 'Split',
  pattern: { Regex: '▁[^▁]*' },
  behavior: 'Isolated',
  invert: false,
}

/** Whether a parsed tokenizer.json is of this kind, by the setting that only this kind has. */
export function isSentencePiece(value: unknown): boolean {
  const model = (value as { model?: { byte_fallback?: unknown } | null } | null)?.model
  return model?.byte_fallback === true
}

/** @throws TOKENIZER_INVALID with `details.reason` */
export function checkSentencePieceJson(value: unknown, file: string): CheckedSentencePiece {
  const json = expectObject(value, 'the file', file)
  const model = expectObject(json.model, 'model', file)
  if (model.type !== undefined && model.type !== 'BPE')
    throw tokenizerInvalid('KIND_UNSUPPORTED', file, 'its model has byte_fallback and is not BPE')
  checkModelSettings(model, file)
  const { prefix, steps } = readPreparation(json, file)
  const entries = readEntries(model.vocab, file)
  checkBytes(entries, file)
  checkMerges(model.merges, file)
  const added = readAddedTokens(json.added_tokens, entries.length, file)
  const known = (id: number) => added.has(id) || entries[id] !== undefined
  const complete = (prefixed: boolean): TokenizerFile => ({
    ...steps(prefixed),
    added_tokens: json.added_tokens ?? [],
    post_processor: null,
    decoder: null,
    model: { ...model, type: 'BPE' },
  })
  return {
    json: complete(true),
    entries,
    added,
    startIds: readStartTokens(json.post_processor, known, file),
    composed: false,
    prefix,
    withoutPrefix: prefix === 'none' ? null : complete(false),
  }
}

/** Llama 1 and 2 prepare a text by normalizers, Mistral's newer files by the pre-tokenizer Metaspace. */
function readPreparation(json: JsonObject, file: string): Preparation {
  const written = JSON.stringify(normalizerSteps(json.normalizer))
  if (isAbsent(json.pre_tokenizer)) {
    if (written === JSON.stringify([prepend, replaceSpaces])) return byNormalizers('always')
    if (written === JSON.stringify([replaceSpaces])) return byNormalizers('none')
  } else if (written === '[]') {
    return byMetaspace(expectObject(json.pre_tokenizer, 'pre_tokenizer', file), file)
  }
  throw tokenizerInvalid(
    'KIND_UNSUPPORTED',
    file,
    'it prepares the text in a way that is not on the list (known: Prepend and Replace of spaces, Metaspace)',
  )
}

function byNormalizers(prefix: SpacePrefix): Preparation {
  return {
    prefix,
    steps: (prefixed) => ({
      normalizer: {
        type: 'Sequence',
        normalizers: prefixed && prefix === 'always' ? [prepend, replaceSpaces] : [replaceSpaces],
      },
      pre_tokenizer: null,
    }),
  }
}

const schemes: Readonly<Record<string, SpacePrefix>> = {
  always: 'unless-space',
  first: 'first-unless-space',
  never: 'none',
}

/** Files from before `prepend_scheme` say `add_prefix_space`. */
function byMetaspace(step: JsonObject, file: string): Preparation {
  const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? 'never' : 'always')
  const known = typeof scheme === 'string' && Object.hasOwn(schemes, scheme)
  if (step.type !== 'Metaspace' || step.replacement !== '▁' || !known)
    throw tokenizerInvalid(
      'KIND_UNSUPPORTED',
      file,
      `its pre-tokenizer ${text(step)} is not one of Metaspace's ways (known: ${Object.keys(schemes).join(', ')})`,
    )
  return {
    prefix: schemes[scheme]!,
    steps: (prefixed) => {
      const metaspace = {
        type: 'Metaspace',
        replacement: '▁',
        prepend_scheme: prefixed ? scheme : 'never',
      }
      const steps = step.split === false ? [metaspace] : [metaspace, splitWords]
      return { normalizer: null, pre_tokenizer: { type: 'Sequence', pretokenizers: steps } }
    },
  }
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
