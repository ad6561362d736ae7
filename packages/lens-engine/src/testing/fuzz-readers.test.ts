import { describe, expect, it } from 'vitest'
import { fuzzReader } from './fuzz-readers.js'

const count = 4000
const seed = 20261122

describe('readers of weights', () => {
  it.each(['gguf', 'safetensors'] as const)(
    `%s: ${count} damaged files of seed ${seed} are read or refused with a reason (npm run fuzz does 200000)`,
    (format) => {
      const report = fuzzReader(format, count, seed)
      expect([...report.crashes]).toEqual([])
      expect(report.refused.has('WEIGHTS_INVALID')).toBe(false)
      expect(report.refused.size).toBeGreaterThan(8)
      expect(report.slowestMilliseconds).toBeLessThan(1000)
    },
  )
})

describe('readers of configurations and tokenizers', () => {
  it.each(['config', 'tokenizer', 'sentencepiece', 'gguf-tokenizer'] as const)(
    `%s: 2000 damaged files of seed ${seed} are read or refused with a reason`,
    (format) => {
      const report = fuzzReader(format, 2000, seed)
      expect([...report.crashes]).toEqual([])
      expect(report.accepted).toBeGreaterThan(0)
      expect(report.refused.size).toBeGreaterThan(1)
      expect(report.slowestMilliseconds).toBeLessThan(1000)
    },
  )
})
