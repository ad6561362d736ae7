import { describe, expect, it } from 'vitest'
import {
  contrast,
  inkOn,
  linearScale,
  luminance,
  placeScale,
  rampRgb,
  rangeScale,
  toneOf,
  type Rgb,
  type Theme,
} from './colour-scale'

const THEMES: readonly Theme[] = ['light', 'dark']
const steps = Array.from({ length: 129 }, (_, index) => index / 128)

describe('the ramp', () => {
  it.each(THEMES)('carries readable text on every tone (%s)', (theme) => {
    for (const t of steps) {
      const background = rampRgb(theme, t)
      expect(contrast(background, inkOn(background))).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('carries readable text on any grey there is', () => {
    for (let grey = 0; grey < 256; grey++) {
      const background: Rgb = [grey, grey, grey]
      expect(contrast(background, inkOn(background))).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(THEMES)('changes lightness in one direction and in even steps (%s)', (theme) => {
    const lightness = steps.map((t) => Math.cbrt(luminance(rampRgb(theme, t))))
    const changes = lightness.slice(1).map((value, index) => value - (lightness[index] ?? 0))
    const direction = theme === 'light' ? -1 : 1
    for (const change of changes) expect(change * direction).toBeGreaterThan(-0.004)
    const halves = [lightness[0]! - lightness[64]!, lightness[64]! - lightness[128]!].map(
      Math.abs,
    ) as [number, number]
    expect(halves[0] / halves[1]).toBeGreaterThan(0.75)
    expect(halves[0] / halves[1]).toBeLessThan(1.35)
  })

  it('survives values that are no numbers', () => {
    expect(toneOf('light', Number.NaN)).toEqual(toneOf('light', 0))
    expect(toneOf('light', 9)).toEqual(toneOf('light', 1))
  })
})

describe('scales', () => {
  it('keeps zero at the start of a linear scale', () => {
    const scale = linearScale([0.1, 0.4, 0.2])
    expect([0, 0.2, 0.4].map(scale.position)).toEqual([0, 0.5, 1])
    expect(linearScale([0, 0]).position(0)).toBe(0)
  })

  it('spreads a range over the whole ramp', () => {
    expect([4, 5, 6].map(rangeScale([4, 6]).position)).toEqual([0, 0.5, 1])
    expect(rangeScale([]).position(3)).toBe(0.5)
  })

  it('makes the first places the strongest, by powers of ten', () => {
    const scale = placeScale(1000)
    expect(scale.position(0)).toBe(1)
    expect(scale.position(999)).toBeCloseTo(0)
    expect(scale.position(9)).toBeCloseTo(2 / 3)
  })
})
