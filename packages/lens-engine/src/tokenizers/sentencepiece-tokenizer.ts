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
  const { json, entries, added, withoutPrefix } = checked
  const size = Math.max(entries.length, ...[...added.keys()].map((id) => id + 1))
  const bytesById = Array.from({ length: size }, (_, id) => {
    const content = added.get(id)
    if (content !== undefined) return encoder.encode(content)
    return entries[id] === undefined ? undefined : bytesOfEntry(entries[id])
  })
  return adaptTokenizer({
    library: createLibraryTokenizer(json),
    digest,
    bytesById,
    isAdded: (id) => added.has(id),
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
