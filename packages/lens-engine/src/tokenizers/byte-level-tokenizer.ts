// A checked byte-level BPE -> Tokenizer: the library encodes; bytes, offsets and display text are ours.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { LensEngineError } from '../errors.js'
import { bytesOfEntry, displayBytes } from './byte-alphabet.js'
import type { Tokenizer, TokenSpan } from './tokenizer.js'
import type { CheckedTokenizer } from './tokenizer-json.js'

const encoder = new TextEncoder()

/**
 * GPT-2's pattern with Unicode's white space: JavaScript's \s has U+FEFF and lacks U+0085, the reference's does not.
 * Text without these two splits the same way under both.
 */
const byteLevelPattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

export function createByteLevelTokenizer(checked: CheckedTokenizer, digest: string): Tokenizer {
  const library = createLibraryTokenizer(checked)
  const bytesById = readBytes(checked)
  const bytesOf = (id: number): Uint8Array => bytesById[id] ?? refuseId(id, bytesById)

  const encode = (text: string): number[] => {
    refuseLoneSurrogates(text)
    return text === '' ? [] : library.encode(text, { add_special_tokens: false }).ids
  }
  return {
    vocabularySize: bytesById.length,
    digest,
    encode,
    encodeWithOffsets: (text) => placeTokens(text, encode(text), bytesOf),
    decode: (ids) => {
      const parts = ids.map(bytesOf)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts))
    },
    // A model's vocabulary may be padded beyond its tokenizer's; such a token has no text of its own.
    tokenText: (id) => (bytesById[id] === undefined ? `<${id}>` : displayBytes(bytesOf(id))),
  }
}

/** What we use of the library; its own declarations do not resolve under `nodenext`. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
  readonly pre_tokenizer: { pattern?: RegExp }
}

function createLibraryTokenizer({ json }: CheckedTokenizer): LibraryTokenizer {
  const library: LibraryTokenizer = new HuggingFaceTokenizer(json, {})
  if (json.pre_tokenizer.type === 'ByteLevel') library.pre_tokenizer.pattern = byteLevelPattern
  return library
}

function readBytes({ entries, added }: CheckedTokenizer): readonly (Uint8Array | undefined)[] {
  const size = Math.max(entries.length, ...[...added.keys()].map((id) => id + 1))
  return Array.from({ length: size }, (_, id) => {
    const content = added.get(id)
    if (content !== undefined) return encoder.encode(content)
    const entry = entries[id]
    return entry === undefined ? undefined : (bytesOfEntry(entry) ?? encoder.encode(entry))
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

/** Tokens are runs of the text's bytes; each gets the characters it has a byte of. */
function placeTokens(
  text: string,
  ids: readonly number[],
  bytesOf: (id: number) => Uint8Array,
): TokenSpan[] {
  const { startOfByte, endOfByte } = mapBytesToCharacters(text)
  let byte = 0
  return ids.map((id) => {
    const first = Math.min(byte, startOfByte.length - 1)
    byte += bytesOf(id).length
    const last = Math.min(byte, endOfByte.length) - 1
    return { id, start: startOfByte[first] ?? text.length, end: endOfByte[last] ?? text.length }
  })
}

/** For each UTF-8 byte of the text, the UTF-16 offsets before and after its character. */
function mapBytesToCharacters(text: string): { startOfByte: number[]; endOfByte: number[] } {
  const startOfByte: number[] = []
  const endOfByte: number[] = []
  let offset = 0
  for (const character of text) {
    const end = offset + character.length
    for (let count = encoder.encode(character).length; count > 0; count--) {
      startOfByte.push(offset)
      endOfByte.push(end)
    }
    offset = end
  }
  return { startOfByte, endOfByte }
}
