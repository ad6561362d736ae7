import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'
import { byteCharacters } from './byte-alphabet.js'
import { loadTokenizer } from './load-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'

const directory = mkdtempSync(join(tmpdir(), 'imprint-tokenizer-'))
afterAll(() => rmSync(directory, { recursive: true }))

const merges = ['t h', 'th e', 'Ġ the', 'c a', 'ca t', 'Ġ cat', 'Ġ Ġ', 'Ã ©', 'ð Ł', 'ðŁ İ', 'Ġ ï']
const entries = [...byteCharacters, ...merges.map((merge) => merge.replace(' ', '')), 'Ġ Ġcat']
const small = {
  version: '1.0',
  added_tokens: [{ id: entries.length, content: '<|end|>', special: true }],
  normalizer: null,
  pre_tokenizer: {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  },
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(entries.map((entry, id) => [entry, id])),
    merges,
  },
}

function load(content: unknown): Tokenizer | null {
  writeFileSync(
    join(directory, 'tokenizer.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  )
  return loadTokenizer(directory)
}

function reasonOf(content: unknown): string {
  try {
    load(content)
    return 'ACCEPTED'
  } catch (error) {
    if (error instanceof LensEngineError && error.code === 'TOKENIZER_INVALID')
      return String(error.details.reason)
    throw error
  }
}

const withModel = (change: object) => ({ ...small, model: { ...small.model, ...change } })
const split = (pattern: string) => ({
  ...small,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ],
  },
})

describe('loadTokenizer', () => {
  const tokenizer = load(small)!
  const text = 'the cat  é🎉'

  it('encodes without special tokens and decodes to the same text', () => {
    const ids = tokenizer.encode(text)
    expect(ids.map((id) => tokenizer.tokenText(id))).toEqual([
      'the',
      ' cat',
      ' ',
      ' ',
      'é',
      '\\xf0\\x9f\\x8e',
      '\\x89',
    ])
    expect(tokenizer.decode(ids)).toBe(text)
    expect(tokenizer.encode('')).toEqual([])
    expect(tokenizer.decode([])).toBe('')
  })

  it('places tokens in UTF-16 units; those that share a character overlap', () => {
    const places = tokenizer.encodeWithOffsets(text).map(({ start, end }) => text.slice(start, end))
    expect(places).toEqual(['the', ' cat', ' ', ' ', 'é', '🎉', '🎉'])
  })

  it('knows added tokens and counts them in the vocabulary', () => {
    expect(tokenizer.encode('the<|end|>')).toEqual([...tokenizer.encode('the'), entries.length])
    expect(tokenizer.vocabularySize).toBe(entries.length + 1)
    expect(tokenizer.tokenText(entries.length)).toBe('<|end|>')
  })

  it('reads a vocabulary with ids that are left out', () => {
    const id = 2 * entries.length
    const sparse = load(withModel({ vocab: { ...small.model.vocab, extra: id } }))!
    expect(sparse.vocabularySize).toBe(id + 1)
    expect(sparse.tokenText(id)).toBe('extra')
    expect(sparse.encode(text)).toEqual(tokenizer.encode(text))
  })

  it('splits white space as Unicode has it, not as JavaScript', () => {
    // U+FEFF is no white space, so it goes with the space before it, and the merge across the two applies.
    const texts = tokenizer.encode(' \ufeff!').map((id) => tokenizer.tokenText(id))
    expect(texts).toEqual([' \\xef', '\\xbb', '\\xbf', '!'])
  })

  it('shows control characters as bytes, so that every text can be displayed and stored', () => {
    const texts = tokenizer.encode('\u0000\u001b\u007f\n').map((id) => tokenizer.tokenText(id))
    expect(texts.join('')).toBe('\\x00\\x1b\\x7f\n')
  })

  it('keeps a byte order mark through decode, and marks stray bytes', () => {
    expect(tokenizer.decode(tokenizer.encode('\ufeffa'))).toBe('\ufeffa')
    expect(tokenizer.decode([0xff, 0x61])).toBe('\ufffda')
  })

  it('refuses ids it does not have and texts that are not well formed', () => {
    for (const id of [-1, tokenizer.vocabularySize, 1.5, NaN])
      expect(() => tokenizer.decode([id])).toThrow(
        expect.objectContaining({ code: 'TOKEN_OUT_OF_RANGE' }),
      )
    for (const broken of ['\ud83c', 'a\udf89', '\udf89\ud83c'])
      expect(() => tokenizer.encode(broken)).toThrow(
        expect.objectContaining({ code: 'PROMPT_NOT_TEXT' }),
      )
  })

  it('refuses a text with a byte that the vocabulary cannot spell, instead of dropping it', () => {
    const vocab = Object.fromEntries(
      Object.entries(small.model.vocab).filter(([entry]) => entry !== byteCharacters[4]),
    )
    const lacking = load(withModel({ vocab }))!
    expect(lacking.encode('the cat')).toEqual(tokenizer.encode('the cat'))
    expect(() => lacking.encode('a\u0004')).toThrow(
      expect.objectContaining({ code: 'PROMPT_NOT_TEXT' }),
    )
  })

  it('answers null where there is no tokenizer.json', () => {
    expect(loadTokenizer(join(directory, 'nowhere'))).toBeNull()
  })

  it.each([
    ['NOT_JSON', '{"model":'],
    ['NOT_JSON', ''],
    ['BAD_STRUCTURE', '[]'],
    ['BAD_STRUCTURE', { ...small, model: null }],
    ['KIND_UNSUPPORTED', withModel({ type: 'Unigram' })],
    ['KIND_UNSUPPORTED', { ...small, normalizer: { type: 'NFKC' } }],
    ['ACCEPTED', { ...small, normalizer: { type: 'NFC' } }],
    ['KIND_UNSUPPORTED', { ...small, pre_tokenizer: { type: 'Whitespace' } }],
    [
      'KIND_UNSUPPORTED',
      { ...small, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } },
    ],
    ['PATTERN_UNKNOWN', split('(a+)+$')],
    ['BAD_STRUCTURE', withModel({ vocab: [] })],
    ['BAD_ID', withModel({ vocab: { ...small.model.vocab, extra: 0 } })],
    ['BAD_ID', withModel({ vocab: { ...small.model.vocab, extra: 4e9 } })],
    ['BAD_ID', withModel({ vocab: { ...small.model.vocab, extra: 1e6 } })],
    ['BAD_ID', withModel({ vocab: { ...small.model.vocab, extra: '7' } })],
    ['BYTES_MISSING', withModel({ vocab: { a: 0 } })],
    ['BAD_STRUCTURE', withModel({ merges: null })],
    ['BAD_MERGE', withModel({ merges: ['ab'] })],
    ['BAD_MERGE', withModel({ merges: ['a b', ['a', 'b']] })],
    ['BAD_ID', { ...small, added_tokens: [{ id: 1e6, content: 'x' }] }],
    [
      'ACCEPTED',
      split(String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`),
    ],
    ['ACCEPTED', withModel({ merges: merges.map((merge) => merge.split(' ')) })],
  ])('%s: %#', (reason, content) => {
    expect(reasonOf(content)).toBe(reason)
  })

  it('answers a mutated file with a tokenizer or TOKENIZER_INVALID (300 files, seed 17)', () => {
    const random = createRandom(17)
    const original = JSON.stringify(small)
    for (let count = 0; count < 300; count++) {
      const at = random.nextInteger(original.length)
      const junk = ['', '"', '{', ']', 'null', '-1', ',', '\\'][random.nextInteger(8)]!
      const mutated = original.slice(0, at) + junk + original.slice(at + random.nextInteger(12))
      if (reasonOf(mutated) === 'ACCEPTED')
        expect(load(mutated)!.encode('the cat').length).toBeGreaterThan(0)
    }
  })
})
