import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_VIEW, formatView, parseView, togglePin, type LensView } from './lens-view'

const view = fc.record<LensView>({
  run: fc.option(fc.string({ minLength: 1 }), { nil: null }),
  draft: fc.record({
    model: fc.option(fc.string(), { nil: null }),
    prompt: fc.option(fc.string(), { nil: null }),
    target: fc.option(fc.string(), { nil: null }),
    mode: fc.constantFrom(null, 'FIRST', 'LAST', 'SEQUENCE'),
    provider: fc.constantFrom(null, 'AUTO', 'CPU', 'WEBGPU', 'CUDA'),
    promptId: fc.option(fc.string(), { nil: null }),
  }),
  surface: fc.constantFrom('HIDDEN', 'MLP_DOWN', 'MLP_UP', 'ATTENTION_QUERY'),
  factor: fc.constantFrom(null, 'INPUT', 'VJP'),
  lens: fc.constantFrom(null, 'RAW', 'FINAL_NORM', 'NORMALIZED'),
  show: fc.constantFrom('written', 'removed', 'both'),
  sign: fc.constantFrom('update', 'raw'),
  colour: fc.constantFrom('norm', 'other', 'rank', 'probability'),
  layer: fc.nat({ max: 47 }),
  position: fc.nat({ max: 1023 }),
  pins: fc.array(
    fc.record({
      surface: fc.constantFrom('HIDDEN', 'ATTENTION_OUTPUT'),
      layer: fc.nat({ max: 47 }),
      position: fc.nat({ max: 63 }),
    }),
    { maxLength: 4 },
  ),
  tab: fc.constantFrom('run', 'imprint', 'next', 'receipt'),
  flipped: fc.boolean(),
})

describe('the address of a view', () => {
  it('gives back every view that it was made from', () => {
    fc.assert(
      fc.property(view, (value) => {
        expect(parseView(new URLSearchParams(formatView(value)))).toEqual(value)
      }),
    )
  })

  it('is empty for the first view', () => {
    expect(formatView(DEFAULT_VIEW)).toBe('')
    expect(parseView(new URLSearchParams(''))).toEqual(DEFAULT_VIEW)
  })

  it('falls back to the first view where an address is nonsense', () => {
    const query = new URLSearchParams(
      'matrix=mlp.sideways&cell=-1.x&pins=a:b,:,mlp.up:1&tab=zzz&lens=thick&show=all',
    )
    expect(parseView(query)).toEqual(DEFAULT_VIEW)
  })

  it('adds a pin once and takes it away the second time', () => {
    const pin = { surface: 'MLP_DOWN', layer: 3, position: 1 } as const
    expect(togglePin(togglePin([], pin), { ...pin })).toEqual([])
    expect(togglePin([pin], { ...pin, layer: 4 })).toHaveLength(2)
  })
})
