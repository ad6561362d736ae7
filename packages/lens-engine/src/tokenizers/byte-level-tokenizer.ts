// A checked byte-level BPE -> Tokenizer. The library's patterns are replaced by ours, which know Unicode's white space.
import { bytesOfEntry } from './byte-alphabet.js'
import {
  adaptTokenizer,
  createLibraryTokenizer,
  type PreTokenizerStep,
} from './library-tokenizer.js'
import { compilePattern, singleDigitPattern, splitPatterns } from './split-patterns.js'
import type { Tokenizer } from './tokenizer.js'
import { missingBytes, type CheckedTokenizer } from './tokenizer-json.js'

const encoder = new TextEncoder()

export function createByteLevelTokenizer(checked: CheckedTokenizer, digest: string): Tokenizer {
  const library = createLibraryTokenizer(checked.json)
  replacePatterns(library.pre_tokenizer, checked.json.pre_tokenizer)
  return adaptTokenizer({
    checked,
    library,
    digest,
    bytesById: readBytes(checked),
    prefix: 'none',
    missingBytes: missingBytes(checked.entries),
    continuation: null,
  })
}

type StepDescription = Readonly<Record<string, unknown>>

function replacePatterns(step: PreTokenizerStep | null, description: StepDescription | null): void {
  if (step === null || description === null) return
  const parts = description.pretokenizers as readonly StepDescription[] | undefined
  parts?.forEach((part, index) => replacePatterns(step.tokenizers?.[index] ?? null, part))
  if (description.type === 'ByteLevel') step.pattern = compilePattern(splitPatterns.gpt2)!
  if (description.type === 'Digits') step.pattern = singleDigitPattern
  if (description.type === 'Split') {
    const { Regex } = description.pattern as { Regex: string }
    step.pattern = compilePattern(Regex)!
  }
}

function readBytes({ entries, added }: CheckedTokenizer): readonly (Uint8Array | undefined)[] {
  const size = Math.max(entries.length, ...[...added.keys()].map((id) => id + 1))
  return Array.from({ length: size }, (_, id) => {
    const content = added.get(id)?.content
    if (content !== undefined) return encoder.encode(content)
    const entry = entries[id]
    return entry === undefined ? undefined : (bytesOfEntry(entry) ?? encoder.encode(entry))
  })
}
