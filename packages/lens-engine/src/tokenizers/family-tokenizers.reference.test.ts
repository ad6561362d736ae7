import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from './load-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'

const package_ = fileURLToPath(new URL('../../', import.meta.url))
const readJson = <T>(...path: string[]) =>
  JSON.parse(readFileSync(join(package_, ...path), 'utf8')) as T

const folder = 'goldens-tokenizer-families'
const texts = [
  ...readJson<{ text: string }[]>('goldens-tokenizer', 'cases.json').map(({ text }) => text),
  ...readJson<string[]>('goldens-gguf', 'extra-texts.json'),
  ...readJson<string[]>(folder, 'more-texts.json'),
]
const prompts = readJson<{ text: string; subject: [number, number] }[]>(folder, 'prompts.json')

interface Recorded {
  /** 8 digits of the ids' digest; in byte-level families 8 of the places' digest follow. */
  readonly digests: readonly string[]
  /** First and last token of each prompt's subject, counted from the end. */
  readonly subjects: readonly (readonly [number, number])[]
}

const digestOf = (parts: readonly (string | number)[]) =>
  createHash('sha256').update(parts.join(',')).digest('hex').slice(0, 8)

const families = {
  'gpt-neox': { start: 0, byteLevel: true },
  llama3: { start: 1, byteLevel: true },
  qwen: { start: 0, byteLevel: true },
  llama2: { start: 1, byteLevel: false },
  'llama1-normalized': { start: 1, byteLevel: false },
  'mistral-metaspace': { start: 1, byteLevel: false },
  'metaspace-split': { start: 1, byteLevel: false },
}

type Check = (tokenizer: Tokenizer, recorded: Recorded, name: string) => void

/** Where a mark is joined to the letter before it, the library places the result on the letter alone; ours is on both. */
const placesOfTheLibrary: { readonly title: string; readonly check: Check } = {
  title: 'gives its places, where the text is read as it is written',
  check(tokenizer, { digests }, name) {
    const placesOf = (text: string) =>
      tokenizer.encodeWithOffsets(text).map(({ start, end }) => `${start}-${end}`)
    const wrong = texts.filter(
      (text, at) =>
        (name === 'llama3' || text === text.normalize('NFC')) &&
        digestOf(placesOf(text)) !== digests[at]!.slice(8),
    )
    expect(wrong).toEqual([])
  },
}

/** SentencePiece writes a space as "▁" and cannot tell the two apart afterwards. */
const textReadBack: { readonly title: string; readonly check: Check } = {
  title: 'gives the text back',
  check(tokenizer) {
    for (const text of texts.filter((text) => !/<\/?s>|<unk>/.test(text)).slice(0, 400))
      expect(tokenizer.decode(tokenizer.encodeContinuation(`a${text}`))).toBe(
        `a${text.replaceAll('▁', ' ')}`,
      )
  },
}

describe.each(Object.entries(families))(
  `tokenizer.json of the family %s, on ${texts.length} strings`,
  (name, { start, byteLevel }) => {
    const tokenizer = loadTokenizer(join(package_, folder, name))!
    const recorded = readJson<Recorded>(folder, name, 'recorded.json')

    it('gives the ids of the Rust library, start token included', () => {
      const wrong = texts.filter(
        (text, at) => digestOf(tokenizer.encode(text)) !== recorded.digests[at]!.slice(0, 8),
      )
      expect(wrong).toEqual([])
    })

    const ofFamily = byteLevel ? placesOfTheLibrary : textReadBack
    it(ofFamily.title, () => ofFamily.check(tokenizer, recorded, name))

    it('finds the first and the last token of a subject', () => {
      const found = prompts.map(({ text, subject: [from, to] }) => {
        const spans = tokenizer.encodeWithOffsets(text)
        const inside = spans.flatMap((span, index) =>
          span.end > from && span.start < to && text.slice(span.start, span.end).trim() !== ''
            ? [spans.length - index]
            : [],
        )
        return [inside[0], inside.at(-1)]
      })
      const wrong = prompts.filter((_, at) => String(found[at]) !== String(recorded.subjects[at]))
      expect(wrong).toEqual([])
    })

    it('covers the text from its first to its last character, in order', () => {
      for (const { text } of prompts) {
        const spans = tokenizer.encodeWithOffsets(text)
        expect([spans[start]!.start, spans.at(-1)!.end]).toEqual([0, text.length])
        spans.slice(1).forEach((span, at) => {
          expect(span.start).toBeGreaterThanOrEqual(spans[at]!.start)
        })
      }
    })

    it('puts the start token before a text of its own, once, and never before a continuation', () => {
      const [first, ...rest] = tokenizer.encode('The cat')
      const startText = start === 1 ? tokenizer.tokenText(first!) : ''
      expect(tokenizer.encodeContinuation(' The cat')).not.toContain(start === 1 ? first : -1)
      if (start === 1) {
        expect(tokenizer.encode(`${startText}The cat`).filter((id) => id === first)).toHaveLength(1)
        expect(rest).toEqual(tokenizer.encode('The cat').slice(1))
      }
      expect(tokenizer.encode('')).toEqual([])
    })
  },
)
