// A checked SentencePiece-like BPE (Llama 1 and 2, TinyLlama, Mistral) -> Tokenizer.
import { adaptTokenizer, createLibraryTokenizer } from './library-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'
import type { CheckedSentencePiece } from './sentencepiece-json.js'

const encoder = new TextEncoder()
const byteToken = /^<0x([0-9A-F]{2})>$/

export function createSentencePieceTokenizer(
  checked: CheckedSentencePiece,
  digest: string,
): Tokenizer {
  const { json, entries, added, withoutPrefix, prefix } = checked
  const size = Math.max(entries.length, ...[...added.keys()].map((id) => id + 1))
  const bytesById = Array.from({ length: size }, (_, id) => {
    const content = added.get(id)?.content
    if (content !== undefined) return encoder.encode(content)
    return entries[id] === undefined ? undefined : bytesOfEntry(entries[id])
  })
  return adaptTokenizer({
    checked,
    library: createLibraryTokenizer(json),
    digest,
    bytesById,
    prefix,
    // A token that is matched in the prepared text is prepared as well: where a "▁" is put before texts it has one.
    placedBytes: (id) =>
      prefix === 'always' && added.get(id)?.normalized === true
        ? encoder.encode(` ${added.get(id)!.content}`)
        : undefined,
    missingBytes: [],
    continuation: withoutPrefix === null ? null : createLibraryTokenizer(withoutPrefix),
  })
}

function bytesOfEntry(entry: string): Uint8Array {
  const byte = byteToken.exec(entry)?.[1]
  return byte === undefined
    ? encoder.encode(entry.replaceAll('▁', ' '))
    : Uint8Array.of(parseInt(byte, 16))
}
