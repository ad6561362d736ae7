import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { withGguf } from '../weights/open-gguf.js'
import { makeTokenizerJson } from './gguf-tokenizer.js'
import { loadTokenizer } from './load-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'

const directory = mkdtempSync(join(tmpdir(), 'imprint-gguf-tokenizer-'))
afterAll(() => rmSync(directory, { recursive: true }))

const package_ = fileURLToPath(new URL('../../', import.meta.url))
const readJson = <T>(...path: string[]) =>
  JSON.parse(readFileSync(join(package_, ...path), 'utf8')) as T
const texts = [
  ...readJson<{ text: string }[]>('goldens-tokenizer', 'cases.json').map(({ text }) => text),
  ...readJson<string[]>('goldens-gguf', 'extra-texts.json'),
]

function tokenizerOf(name: string): Tokenizer {
  const json = withGguf(join(package_, 'goldens-gguf', `${name}.gguf`), ({ metadata }) =>
    makeTokenizerJson(metadata, 'llama'),
  )
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(json))
  return loadTokenizer(directory)!
}

const digestOf = (ids: readonly number[]) =>
  createHash('sha256').update(ids.join(',')).digest('hex').slice(0, 8)

describe.each(['gpt-2', 'smollm', 'llama-bpe', 'qwen2', 'sentencepiece', 'sentencepiece-plain'])(
  `the tokenizer of a GGUF file of kind %s, on ${texts.length} strings`,
  (name) => {
    const tokenizer = tokenizerOf(name)

    it('gives the ids of the Rust library', () => {
      const digests = readJson<string[]>('goldens-gguf', `${name}.ids.json`)
      const wrong = texts.filter((text, at) => digestOf(tokenizer.encode(text)) !== digests[at])
      expect(wrong).toEqual([])
    })

    it('gives the text back, and places that follow one another', () => {
      for (const text of texts.slice(0, 300).filter((text) => !/<\/?s>/.test(text))) {
        const spans = tokenizer.encodeWithOffsets(text)
        expect(spans.map(({ id }) => id)).toEqual(tokenizer.encode(text))
        const { id: first, end } = spans[0] ?? { id: 0, end: 0 }
        const hasStart = end === 0 && tokenizer.tokenText(first).startsWith('<')
        const inText = spans.slice(hasStart ? 1 : 0)
        expect(tokenizer.decode(inText.map(({ id }) => id))).toBe(
          text.replaceAll('▁', decoded(name)),
        )
        if (text !== '') expect([spans[0]!.start, spans.at(-1)!.end]).toEqual([0, text.length])
      }
    })
  },
)

/** SentencePiece writes a space as "▁" and cannot tell the two apart afterwards. */
const decoded = (name: string) => (name.startsWith('sentencepiece') ? ' ' : '▁')
