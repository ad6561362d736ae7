// A tokenizer of the library -> our Tokenizer: the library encodes; bytes, offsets and display text are ours.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { LensEngineError } from '../errors.js'
import { displayBytes } from './byte-alphabet.js'
import type { Tokenizer } from './tokenizer.js'
import { placeTokens } from './token-places.js'
import type { TokenizerFile } from './tokenizer-json.js'

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
  readonly library: LibraryTokenizer
  readonly digest: string
  /** Bytes of each token; undefined where an id has no token. */
  readonly bytesById: readonly (Uint8Array | undefined)[]
  /** Tokens that are cut out of the text before it is split. */
  readonly isAdded: (id: number) => boolean
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
  const { library, digest, bytesById, isAdded, continuation } = parts
  const missing = new Set(parts.missingBytes)
  const bytesOf = (id: number): Uint8Array => bytesById[id] ?? refuseId(id, bytesById)
  const encodeWith = (chosen: LibraryTokenizer, text: string): number[] => {
    refuseLoneSurrogates(text)
    if (missing.size > 0) refuseMissingBytes(text, missing)
    return text === '' ? [] : chosen.encode(text, { add_special_tokens: false }).ids
  }
  const encode = (text: string): number[] => encodeWith(library, text)
  return {
    vocabularySize: bytesById.length,
    digest,
    encode,
    encodeContinuation: (text) => encodeWith(continuation ?? library, text),
    encodeWithOffsets: (text) =>
      placeTokens(text, encode(text), { bytesOf, isAdded, spaceBefore: continuation !== null }),
    decode: (ids) => {
      const bytes = Buffer.concat(ids.map(bytesOf))
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      return continuation !== null && text.startsWith(' ') ? text.slice(1) : text
    },
    // A model's vocabulary may be padded beyond its tokenizer's; such a token has no text of its own.
    tokenText: (id) => (bytesById[id] === undefined ? `<${id}>` : displayBytes(bytesOf(id))),
  }
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
