import { describe, expect, it } from 'vitest'
import { createRandom } from '../tensor/seeded-random.js'
import {
  parseStrictJson,
  StrictJsonError,
  toUnsignedInteger,
  type StrictJson,
} from './strict-json.js'

function toPlain(value: StrictJson): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]))
  if (Array.isArray(value)) return value.map(toPlain)
  return typeof value === 'object' && value !== null && 'lexeme' in value
    ? Number(value.lexeme)
    : value
}

const seeds = [
  '{"a": [1, -2.5e3, "x\\n\\u00e9"], "b": {"c": null, "d": true}}',
  '[0, -0, 0.1, 1E+2, 12345678901234567890]',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  ' { } ',
]

describe('parseStrictJson', () => {
  it.each(seeds)('agrees with JSON.parse on %s', (text) => {
    expect(toPlain(parseStrictJson(text))).toEqual(JSON.parse(text))
  })

  it('accepts nothing JSON.parse refuses, and refuses only duplicates and depth beyond it (20,000 texts, seed 11)', () => {
    const random = createRandom(11)
    const alphabet = '{}[]",:0123456789.-+eE\\u tfn\n\u0001a'
    for (let count = 0; count < 20_000; count++) {
      let text = seeds[random.nextInteger(seeds.length)]!
      for (let edits = random.nextInteger(3); edits >= 0; edits--) {
        const at = random.nextInteger(text.length)
        const character = alphabet[random.nextInteger(alphabet.length)]!
        text = text.slice(0, at) + character + text.slice(at + random.nextInteger(2))
      }
      const ours = outcome(text, parseStrictJson)
      if (ours !== 'duplicate') expect(ours, text).toBe(outcome(text, JSON.parse))
    }
  })

  it('refuses a duplicate key with its place', () => {
    expect(() => parseStrictJson('{"a":1,"a":2}')).toThrow(StrictJsonError)
  })

  it('refuses deep nesting without overflowing the stack', () => {
    expect(() => parseStrictJson('{"a":'.repeat(100_000))).toThrow('levels of nesting')
  })

  it('reads a string of ten megabytes', () => {
    expect(parseStrictJson(`"${'\\n'.repeat(5_000_000)}"`)).toHaveLength(5_000_000)
  })

  it('keeps integers exact', () => {
    expect(toUnsignedInteger(parseStrictJson('9007199254740993'))).toBe(9007199254740993n)
    expect(toUnsignedInteger(parseStrictJson('1.0'))).toBeNull()
    expect(toUnsignedInteger(parseStrictJson('-1'))).toBeNull()
  })
})

function outcome(
  text: string,
  parse: (text: string) => unknown,
): 'value' | 'duplicate' | 'refused' {
  try {
    parse(text)
    return 'value'
  } catch (error) {
    return error instanceof StrictJsonError && error.reason === 'DUPLICATE_KEY'
      ? 'duplicate'
      : 'refused'
  }
}
