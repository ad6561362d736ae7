// A tiny random GPT-2 with a tokenizer whose tokens are single bytes, so that tests need no weights from anywhere.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { addModel } from '@imprint/lens-engine'
import { writeRandomGpt2 } from '@imprint/lens-engine/testing'

export const tinyModel = {
  layers: 2,
  width: 16,
  heads: 2,
  vocabularySize: 257,
  contextLength: 64,
} as const

/** The printable character that stands for a byte in byte-level vocabularies. */
function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++),
  )
}

function tokenizerJson(): unknown {
  const vocab = Object.fromEntries([
    ...byteCharacters().map((character, index) => [character, index + 1]),
  ])
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  }
  const special = {
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ id: 0, content: '<|endoftext|>', ...special }],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: { '<|endoftext|>': 0, ...vocab },
      merges: [],
    },
  }
}

/** Writes the model into a directory of its name under `parent` and returns the directory. */
export function writeTinyModel(
  parent: string,
  options: Partial<Record<keyof typeof tinyModel, number>> = {},
  name = 'tiny-bytes',
): string {
  const directory = writeRandomGpt2(path.join(parent, name), { ...tinyModel, ...options })
  writeFileSync(path.join(directory, 'tokenizer.json'), JSON.stringify(tokenizerJson()))
  return directory
}

/** Writes the model under `parent` and adds it to a store, as `lens models add` does. */
export function addTinyModel(
  parent: string,
  { home, name }: { readonly home: string; readonly name: string },
): void {
  addModel(writeTinyModel(parent, {}, name), { home, name })
}
