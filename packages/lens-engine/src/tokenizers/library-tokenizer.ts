// A tokenizer of the library -> our Tokenizer: the library encodes; bytes, offsets and display text are ours.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { LensEngineError } from '../errors.js'
import { displayBytes } from './byte-alphabet.js'
import type { Tokenizer } from './tokenizer.js'
import { placeTokens, type SpacePrefix } from './token-places.js'
import type { CheckedTokenizer, TokenizerFile } from './tokenizer-json.js'

/** What we use of the library; its own declarations do not resolve under `nodenext`. */
export interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
  readonly pre_tokenizer: PreTokenizerStep | null
}

export interface PreTokenizerStep {
  pattern?: RegExp
  /** Steps of a sequence. */
  readonly tokenizers?: readonly PreTokenizerStep[]
}

/** What differs from one kind of tokenizer to the other. */
export interface TokenizerParts {
  readonly checked: CheckedTokenizer
  readonly library: LibraryTokenizer
  readonly digest: string
  /** Bytes of each token; undefined where an id has no token. */
  readonly bytesById: readonly (Uint8Array | undefined)[]
  /** Where `library` puts a space before a text. */
  readonly prefix: SpacePrefix
  /** Bytes of the text that a token stands for, where they are not those of `bytesById`. */
  readonly placedBytes?: (id: number) => Uint8Array | undefined
  /** Bytes that no token spells; a text with one of them is refused, because the library would drop it. */
  readonly missingBytes: readonly number[]
  /** Encodes without the space that `library` puts before a text; null when it puts none. */
  readonly continuation: LibraryTokenizer | null
}

export function createLibraryTokenizer(json: TokenizerFile): LibraryTokenizer {
  return new HuggingFaceTokenizer(json, {})
}

/** The tokenizer of these parts. */
export function adaptTokenizer(parts: TokenizerParts): Tokenizer {
  const { library, digest, bytesById, continuation } = parts
  const { startIds } = parts.checked
  const bytesOf = (id: number): Uint8Array => bytesById[id] ?? refuseId(id, bytesById)
  const encodeWith = encoderOf(parts)
  const place = placerOf(parts, bytesOf)
  const startOf = (ids: readonly number[]): readonly number[] =>
    ids.length === 0 || startIds.every((id, index) => ids[index] === id) ? [] : startIds
  return {
    vocabularySize: bytesById.length,
    digest,
    encode(text) {
      const ids = encodeWith(library, text)
      return [...startOf(ids), ...ids]
    },
    encodeContinuation: (text) => encodeWith(continuation ?? library, text),
    encodeWithOffsets(text) {
      const ids = encodeWith(library, text)
      const start = startOf(ids).map((id) => ({ id, start: 0, end: 0 }))
      return [...start, ...place(text, ids)]
    },
    decode: (ids) => {
      const bytes = Buffer.concat(ids.map(bytesOf))
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      return continuation !== null && text.startsWith(' ') ? text.slice(1) : text
    },
    // A model's vocabulary may be padded beyond its tokenizer's; such a token has no text of its own.
    tokenText: (id) => (bytesById[id] === undefined ? `<${id}>` : displayBytes(bytesOf(id))),
  }
}

/** Ids of a text by one of the two libraries, without start tokens. */
function encoderOf({ missingBytes, checked }: TokenizerParts) {
  const missing = new Set(missingBytes)
  return (library: LibraryTokenizer, text: string): number[] => {
    refuseLoneSurrogates(text)
    if (missing.size > 0)
      refuseMissingBytes(checked.composed ? text.normalize('NFC') : text, missing)
    return text === '' ? [] : library.encode(text, { add_special_tokens: false }).ids
  }
}

function placerOf(parts: TokenizerParts, bytesOf: (id: number) => Uint8Array) {
  const { prefix, placedBytes } = parts
  const { added, composed } = parts.checked
  const cut = [...added.values()].filter(({ normalized }) => !normalized)
  const cutContents = cut.map(({ content }) => content)
  const isCut = (id: number): boolean => added.get(id)?.normalized === false
  return (text: string, ids: readonly number[]) =>
    placeTokens(text, ids, {
      bytesOf: (id) => placedBytes?.(id) ?? bytesOf(id),
      isCut,
      prefix,
      composed,
      cutContents,
    })
}

function refuseId(id: number, bytesById: readonly unknown[]): never {
  throw new LensEngineError('TOKEN_OUT_OF_RANGE', `the tokenizer has no token ${id}`, {
    details: { id, vocabularySize: bytesById.length },
    cure: `Use token ids from 0 to ${bytesById.length - 1}.`,
  })
}

function refuseLoneSurrogates(text: string): void {
  const at = text.search(/\p{Surrogate}/u)
  if (at < 0) return
  throw new LensEngineError(
    'PROMPT_NOT_TEXT',
    `the text has half of a surrogate pair at UTF-16 offset ${at}`,
    {
      details: { offset: at },
      cure: 'Send well-formed Unicode text: cut it between characters, not inside one.',
    },
  )
}

function refuseMissingBytes(text: string, missing: ReadonlySet<number>): void {
  const bytes = Buffer.from(text)
  const at = bytes.findIndex((byte) => missing.has(byte))
  if (at < 0) return
  const byte = `0x${bytes[at]!.toString(16).padStart(2, '0')}`
  throw new LensEngineError('PROMPT_NOT_TEXT', `the model's vocabulary cannot spell byte ${byte}`, {
    details: { byte, offset: at },
    cure: 'Leave this character out; the tokenizer would drop it without a word.',
  })
}
