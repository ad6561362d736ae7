import { describe, expect, it } from 'vitest'
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from './half-precision.js'
import { createRandom } from './seeded-random.js'

const everyPattern = Uint16Array.from({ length: 65536 }, (_, index) => index)

/** The definition of IEEE half precision, term by term. */
function halfByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

describe('half precision', () => {
  it('reads all 65,536 float16 patterns as defined, signed zeros included', () => {
    const values = float16ToFloat32(everyPattern)
    for (const bits of everyPattern) {
      if (!Object.is(values[bits], halfByDefinition(bits)))
        throw new Error(`pattern ${bits}: ${values[bits]} is not ${halfByDefinition(bits)}`)
    }
  })

  it('writes back the pattern it read, for every float16 that is a number', () => {
    const back = float32ToFloat16(float16ToFloat32(everyPattern))
    for (const bits of everyPattern) {
      const isNan = (bits & 0x7fff) > 0x7c00
      if (isNan) expect((back[bits]! & 0x7fff) > 0x7c00).toBe(true)
      else expect(back[bits]).toBe(bits)
    }
  })

  it('rounds to the nearest float16, ties to even (20,000 values, seed 7)', () => {
    const random = createRandom(7)
    const positives = Array.from(float16ToFloat32(everyPattern.subarray(0, 0x7c00)))
    for (let count = 0; count < 20_000; count++) {
      const low = random.nextInteger(0x7bff)
      const fraction = [0, 0.25, 0.5, 0.75, random.nextFloat()][random.nextInteger(5)]!
      const value = positives[low]! + (positives[low + 1]! - positives[low]!) * fraction
      const rounded = Math.fround(value)
      const position = (rounded - positives[low]!) / (positives[low + 1]! - positives[low]!)
      const up = position > 0.5 || (position === 0.5 && (low & 1) === 1)
      expect(float32ToFloat16(new Float32Array([rounded]))[0]).toBe(up ? low + 1 : low)
    }
  })

  it('rounds what is beyond the largest float16 to infinity and what is tiny to zero', () => {
    const halves = float32ToFloat16(
      new Float32Array([65519.99, 65520, -1e30, 2 ** -25, 2 ** -26, -0]),
    )
    expect([...halves]).toEqual([0x7bff, 0x7c00, 0xfc00, 0, 0, 0x8000])
  })

  it('keeps bfloat16 through float32 and rounds ties to even', () => {
    const back = float32ToBfloat16(bfloat16ToFloat32(everyPattern))
    for (const bits of everyPattern) {
      if ((bits & 0x7fff) <= 0x7f80) expect(back[bits]).toBe(bits)
      else expect((back[bits]! & 0x7fff) > 0x7f80).toBe(true)
    }
    const words = new Float32Array(new Uint32Array([0x3f808000, 0x3f818000, 0x3f808001]).buffer)
    expect([...float32ToBfloat16(words)]).toEqual([0x3f80, 0x3f82, 0x3f81])
  })
})
