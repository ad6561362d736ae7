import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from './load-tokenizer.js'

interface RecordedCase {
  readonly text: string
  readonly ids: readonly number[]
  readonly offsets: readonly (readonly [number, number])[]
}

const directory = fileURLToPath(new URL('../../goldens-tokenizer/', import.meta.url))
const cases = JSON.parse(readFileSync(`${directory}cases.json`, 'utf8')) as readonly RecordedCase[]
const tokenizer = loadTokenizer(directory)!

describe(`a byte-level tokenizer, on ${cases.length} strings recorded with the Rust library`, () => {
  it('gives the same ids', () => {
    const wrong = cases.filter(({ text, ids }) => String(tokenizer.encode(text)) !== String(ids))
    expect(wrong.map(({ text }) => text)).toEqual([])
  })

  it('gives the same offsets', () => {
    const offsetsOf = (text: string) =>
      tokenizer.encodeWithOffsets(text).map(({ start, end }) => [start, end])
    const wrong = cases.filter(({ text, offsets }) => String(offsetsOf(text)) !== String(offsets))
    expect(wrong.map(({ text }) => text)).toEqual([])
  })

  it('gives the same text back', () => {
    const wrong = cases.filter(({ ids, text }) => tokenizer.decode(ids) !== text)
    expect(wrong.map(({ text }) => text)).toEqual([])
  })
})
