// Tokenizer metadata of a GGUF file -> the tokenizer.json of the same tokenizer.
import type { MetadataValue, VocabularyMetadata } from './vocabulary-metadata.js'
import { preTokenizerOf } from './gguf-pre-tokenizers.js'
import { sentencePieceMerges } from './gguf-sentencepiece-merges.js'
import { tokenizerInvalid } from './tokenizer-error.js'

type JsonObject = Readonly<Record<string, unknown>>

const source = 'the GGUF file'
/** Kinds of tokens that are matched in the text before it is split: control and user-defined. */
const controlToken = 3
const userToken = 4

/** What both kinds of tokenizers have. */
interface GgufVocabulary {
  readonly metadata: VocabularyMetadata
  readonly tokens: readonly string[]
  /** Token kinds, empty when the file has none. */
  readonly kinds: ArrayLike<number>
}

/**
 * The tokenizer, or null when the file has none. A text begins with the BOS token where the file says so, or says nothing
 * and its kind of tokenizer does (`bosByDefault`).
 * @throws TOKENIZER_INVALID naming a kind of tokenizer or of text splitting that is not on the list
 */
export function makeTokenizerJson(
  metadata: VocabularyMetadata,
  architecture: string,
): JsonObject | null {
  const model = metadata.get('tokenizer.ggml.model')
  if (model === undefined || model === 'none' || model === 'no_vocab') return null
  const tokens = readTokens(metadata)
  const kinds = readNumbers(metadata.get('tokenizer.ggml.token_type'), tokens.length, 'token_type')
  const vocabulary = { metadata, tokens, kinds }
  if (model === 'gpt2') return makeByteLevel(vocabulary, architecture)
  if (model === 'llama') return makeSentencePiece(vocabulary)
  throw tokenizerInvalid(
    'KIND_UNSUPPORTED',
    source,
    `its tokenizer is of the kind ${JSON.stringify(String(model).slice(0, 40))}; gpt2 and llama are read`,
  )
}

function makeByteLevel(vocabulary: GgufVocabulary, architecture: string): JsonObject {
  const { metadata } = vocabulary
  const merges = metadata.get('tokenizer.ggml.merges')
  if (!isTexts(merges))
    throw tokenizerInvalid('BAD_STRUCTURE', source, 'tokenizer.ggml.merges is no list of texts')
  const splitting = preTokenizerOf(metadata.get('tokenizer.ggml.pre'), architecture)
  return {
    ...frame(vocabulary, splitting.bosByDefault),
    pre_tokenizer: splitting.preTokenizer,
    decoder: { type: 'ByteLevel' },
    model: {
      ...modelFrame(vocabulary),
      merges: merges.map((merge) => splitMerge(merge)),
      ...(splitting.ignoreMerges ? { ignore_merges: true } : {}),
    },
  }
}

/** The first character may be a space itself, so the parts are parted after it. */
function splitMerge(merge: string): readonly [string, string] {
  const at = merge.indexOf(' ', 1)
  if (at < 0) throw tokenizerInvalid('BAD_MERGE', source, `the merge ${JSON.stringify(merge)}`)
  return [merge.slice(0, at), merge.slice(at + 1)]
}

function makeSentencePiece(vocabulary: GgufVocabulary): JsonObject {
  const { metadata, tokens } = vocabulary
  const scores = readNumbers(metadata.get('tokenizer.ggml.scores'), tokens.length, 'scores')
  if (scores.length === 0)
    throw tokenizerInvalid('BAD_STRUCTURE', source, 'tokenizer.ggml.scores is missing')
  const prefix = metadata.get('tokenizer.ggml.add_space_prefix') !== false
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
  const unknown = Number(metadata.get('tokenizer.ggml.unknown_token_id') ?? 0)
  return {
    ...frame(vocabulary, true),
    normalizer: {
      type: 'Sequence',
      normalizers: prefix ? [{ type: 'Prepend', prepend: '▁' }, replace] : [replace],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      ...modelFrame(vocabulary),
      merges: sentencePieceMerges(tokens, scores, vocabulary.kinds),
      byte_fallback: true,
      fuse_unk: true,
      unk_token: tokens[unknown] ?? null,
    },
  }
}

function frame(vocabulary: GgufVocabulary, bosByDefault: boolean): JsonObject {
  const { tokens, kinds } = vocabulary
  const added = tokens.flatMap((content, id) => {
    const isAdded = kinds[id] === controlToken || kinds[id] === userToken
    return isAdded && content !== '' ? [addedToken(id, content, kinds[id] === controlToken)] : []
  })
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    post_processor: startTemplate(vocabulary, bosByDefault),
  }
}

/** The BOS token before a text, as a post-processor. */
function startTemplate({ metadata, tokens }: GgufVocabulary, bosByDefault: boolean) {
  if (metadata.get('tokenizer.ggml.add_eos_token') === true)
    throw tokenizerInvalid('KIND_UNSUPPORTED', source, 'it puts an EOS token after a text')
  const id = metadata.get('tokenizer.ggml.bos_token_id')
  const wanted = metadata.get('tokenizer.ggml.add_bos_token') ?? bosByDefault
  if (wanted !== true || id === undefined) return null
  const token = tokens[Number(id)]
  if (token === undefined)
    throw tokenizerInvalid('BAD_ID', source, `tokenizer.ggml.bos_token_id is ${Number(id)}`)
  return {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { [token]: { id: token, ids: [Number(id)], tokens: [token] } },
  }
}

function addedToken(id: number, content: string, special: boolean): JsonObject {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  }
}

function modelFrame({ tokens }: GgufVocabulary): JsonObject {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    // fromEntries defines own keys, so a token "__proto__" stays a token.
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
  }
}

function readTokens(metadata: VocabularyMetadata): readonly string[] {
  const tokens = metadata.get('tokenizer.ggml.tokens')
  if (!isTexts(tokens) || tokens.length === 0)
    throw tokenizerInvalid('BAD_STRUCTURE', source, 'tokenizer.ggml.tokens is no list of texts')
  if (new Set(tokens).size !== tokens.length)
    throw tokenizerInvalid('BAD_ID', source, 'two tokens have the same text')
  return tokens
}

function readNumbers(
  value: MetadataValue | undefined,
  length: number,
  name: string,
): ArrayLike<number> {
  if (value === undefined) return []
  const isNumbers = value instanceof Int32Array || value instanceof Float32Array
  if (isNumbers && value.length === length) return value
  throw tokenizerInvalid(
    'BAD_STRUCTURE',
    source,
    `tokenizer.ggml.${name} does not hold one number for each token`,
  )
}

function isTexts(value: MetadataValue | undefined): value is readonly string[] {
  return Array.isArray(value)
}
