import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blockFormats, dequantize } from './gguf-block-formats.js'

interface RecordedBlocks {
  readonly type: number
  readonly name: string
  /** Base64. */
  readonly bytes: string
  /** Base64 of float32 values. */
  readonly values: string
}

const recorded = new URL('../../goldens-gguf/blocks.json', import.meta.url)
const cases = JSON.parse(readFileSync(recorded, 'utf8')) as readonly RecordedBlocks[]

describe('dequantised blocks, recorded with the gguf package', () => {
  it('cover every format', () => {
    expect(cases.map(({ type }) => type).sort()).toEqual([...blockFormats.keys()].sort())
  })

  it.each(cases)('$name: equal bit for bit', ({ type, name, bytes, values }) => {
    const format = blockFormats.get(type)!
    expect(format.name).toBe(name)
    const found = dequantize(format, Buffer.from(bytes, 'base64'))
    expect(Buffer.from(found.buffer).equals(Buffer.from(values, 'base64'))).toBe(true)
  })
})
