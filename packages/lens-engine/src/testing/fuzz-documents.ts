// What the fuzzer damages besides weights: config.json, tokenizer.json of both kinds, and the tokenizer metadata of a GGUF file.
import { architectures, findArchitecture } from '../architectures/registry.js'
import { parseConfig } from '../models/read-config.js'
import { byteCharacters } from '../tokenizers/byte-alphabet.js'
import { makeTokenizerJson } from '../tokenizers/gguf-tokenizer.js'
import { readTokenizer } from '../tokenizers/load-tokenizer.js'
import type { ByteSource } from '../weights/gguf-cursor.js'
import { readGgufHeader } from '../weights/gguf-header.js'
import {
  ggufArray,
  ggufBoolean,
  ggufString,
  ggufUint32,
  stringBytes,
  uint32Bytes,
  writeGguf,
} from './write-gguf.js'

const text = 'The cat  é🎉 <s>'

export function sampleConfig(): Buffer {
  const rope = { rope_type: 'longrope', short_factor: [1, 2], long_factor: [3, 4], factor: 2 }
  return json({
    model_type: 'qwen3',
    hidden_size: 8,
    intermediate_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    head_dim: 4,
    vocab_size: 10,
    max_position_embeddings: 16,
    rope_theta: 10000.5,
    rope_scaling: { ...rope, original_max_position_embeddings: 8 },
    sliding_window: 4,
    use_sliding_window: true,
    layer_types: ['full_attention', 'sliding_attention'],
    quantization_config: null,
  })
}

/** Also asks for the width of every matrix. */
export function readSettings(bytes: Uint8Array): void {
  const config = parseConfig(bytes, 'config.json')
  const architecture = findArchitecture(config)
  const shape = architecture.readShape(config)
  for (const matrix of architectures[0]!.matrices) architecture.matrixWidths(shape, matrix, config)
}

export function sampleTokenizer(): Buffer {
  const entries = [...byteCharacters, 'th', 'the']
  return json({
    added_tokens: [{ id: 258, content: '<s>', special: true, normalized: false }],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: template(258),
    model: { type: 'BPE', vocab: vocabulary(entries), merges: ['t h', 'th e'] },
  })
}

export function sampleSentencePiece(): Buffer {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  return json({
    added_tokens: [{ id: 1, content: '<s>', special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
    post_processor: template(1),
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      byte_fallback: true,
      vocab: vocabulary(['<unk>', '<s>', ...bytes, '▁', 't', 'h', 'th']),
      merges: [['t', 'h']],
    },
  })
}

/** Also encodes and decodes a text; what the vocabulary cannot spell is refused by name. */
export function readAndEncode(bytes: Uint8Array): void {
  const tokenizer = readTokenizer(bytes, 'tokenizer.json')
  tokenizer.decode(tokenizer.encodeWithOffsets(text).map(({ id }) => id))
}

export function sampleGgufTokenizer(): Buffer {
  const tokens = [...byteCharacters, 'th', '<s>']
  return writeGguf({
    keys: [
      ['tokenizer.ggml.model', ggufString('gpt2')],
      ['tokenizer.ggml.pre', ggufString('llama-bpe')],
      ['tokenizer.ggml.add_bos_token', ggufBoolean(true)],
      ['tokenizer.ggml.bos_token_id', ggufUint32(257)],
      ['tokenizer.ggml.merges', ggufArray(8, ['t h'].map(stringBytes))],
      [
        'tokenizer.ggml.token_type',
        ggufArray(
          5,
          tokens.map((_, id) => uint32Bytes(id === 257 ? 3 : 1)),
        ),
      ],
      ['tokenizer.ggml.tokens', ggufArray(8, tokens.map(stringBytes))],
    ],
    tensors: [],
  })
}

export function readGgufTokenizer(source: ByteSource): void {
  const made = makeTokenizerJson(readGgufHeader(source, 'fuzz.gguf').metadata, 'llama')
  if (made !== null) readAndEncode(json(made))
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

const vocabulary = (entries: readonly string[]) =>
  Object.fromEntries(entries.map((entry, id) => [entry, id]))

const template = (id: number) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  special_tokens: { '<s>': { id: '<s>', ids: [id], tokens: ['<s>'] } },
})
