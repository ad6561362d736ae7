// How a byte-level tokenizer splits text, by the name that GGUF files give it. A new one is one line in the table.
import type { MetadataValue } from './vocabulary-metadata.js'
import { splitPatterns } from './split-patterns.js'
import { tokenizerInvalid } from './tokenizer-error.js'

type JsonObject = Readonly<Record<string, unknown>>

interface Splitting {
  readonly preTokenizer: JsonObject
  /** Whether a piece of text that is a token as a whole becomes that token, whatever the merges say. */
  readonly ignoreMerges: boolean
  /** Whether a text begins with the BOS token where the file does not say. */
  readonly bosByDefault: boolean
}

const byteLevel = (useRegex: boolean): JsonObject => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
})

const sequence = (...pretokenizers: readonly JsonObject[]): JsonObject => ({
  type: 'Sequence',
  pretokenizers,
})

const split = (pattern: string): JsonObject =>
  sequence(
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    byteLevel(false),
  )

const gpt2: Splitting = {
  preTokenizer: byteLevel(true),
  ignoreMerges: false,
  bosByDefault: false,
}
const singleDigits: Splitting = {
  preTokenizer: sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)),
  ignoreMerges: false,
  bosByDefault: false,
}
const llama3: Splitting = {
  preTokenizer: split(splitPatterns.llama3),
  ignoreMerges: true,
  bosByDefault: true,
}
const qwen2: Splitting = {
  preTokenizer: split(splitPatterns.qwen2),
  ignoreMerges: false,
  bosByDefault: false,
}

const table: Readonly<Record<string, Splitting>> = {
  'gpt-2': gpt2,
  'phi-2': gpt2,
  smollm: singleDigits,
  starcoder: singleDigits,
  refact: singleDigits,
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  qwen2,
  stablelm2: qwen2,
}

/** @throws TOKENIZER_INVALID naming the splitting when it is not in the table */
export function preTokenizerOf(name: MetadataValue | undefined, architecture: string): Splitting {
  // Files from before the name existed, and "default", only mean something for the model the code was written for.
  const asked = name === undefined || name === 'default' ? `default of ${architecture}` : name
  if (asked === 'default of gpt2') return gpt2
  if (typeof asked === 'string' && Object.hasOwn(table, asked)) return table[asked]!
  throw tokenizerInvalid(
    'PATTERN_UNKNOWN',
    'the GGUF file',
    `it splits text as ${JSON.stringify(String(asked).slice(0, 60))} does (known: ${Object.keys(table).join(', ')})`,
  )
}
