import { describe, expect, it } from 'vitest'
import { readScaling } from './rope-settings.js'
import { rotaryFrequencies, stretchedContext } from './rotary-frequencies.js'

const base = { width: 8, theta: 10_000, contextLength: 32 }
const phi3 = {
  type: 'su',
  short_factor: [1, 1.1, 1.2, 1.3],
  long_factor: [1.5, 2, 4, 8],
  original_max_position_embeddings: 8,
}
const read = (scaling: Readonly<Record<string, unknown>>) => rotaryFrequencies({ ...base, scaling })

describe('longrope', () => {
  it('reads Phi-3 files: the earlier name, and the first training length outside of rope_scaling', () => {
    const { original_max_position_embeddings: original, ...rest } = phi3
    const outside = readScaling({ rope_scaling: rest, original_max_position_embeddings: original })
    expect(read(outside!)).toEqual(read({ ...phi3, type: undefined, rope_type: 'longrope' }))
    expect(read(phi3).beyond).toMatchObject({ positions: 8 })
    expect(read(phi3).attentionFactor).toBeCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(8)), 12)
    expect(read({ ...phi3, attention_factor: 1.5 }).attentionFactor).toBe(1.5)
  })

  it.each([
    ['rope_scaling.long_factor', { ...phi3, long_factor: [1, 2] }],
    ['rope_scaling.short_factor', { ...phi3, short_factor: undefined }],
    ['rope_scaling.short_factor', { ...phi3, short_factor: [1, 1, 1, -1] }],
  ])('refuses a malformed %s', (name, scaling) => {
    expect(() => read(scaling)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(name) as string,
      }),
    )
  })
})

describe('dynamic', () => {
  it('reads texts of up to factor times the trained length, and needs a factor', () => {
    expect(stretchedContext(32, { rope_type: 'dynamic', factor: 2.5 })).toBe(80)
    expect(stretchedContext(32, { rope_type: 'yarn', factor: 2.5 })).toBe(32)
    expect(stretchedContext(32, null)).toBe(32)
    expect(() => read({ rope_type: 'dynamic' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

it('refuses a setting of rope_scaling that no kind reads, by name', () => {
  const scaling = { rope_type: 'default', mrope_section: [1, 1, 2] }
  expect(() => readScaling({ rope_scaling: scaling })).toThrow(
    expect.objectContaining({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('rope_scaling.mrope_section') as string,
    }),
  )
})
