// 16-bit floats to and from float32, on bit patterns, so that NaN, infinities, subnormals and signed zeros survive.

const bitsPerMantissaStep = 2 ** -24

/**
 * IEEE half precision to float32, exactly.
 * @param bits one 16-bit pattern per element
 * @returns as many float32 values; every half is representable, so nothing is rounded
 */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length)
  const words = new Uint32Array(values.buffer)
  for (let index = 0; index < bits.length; index++) {
    const half = bits[index]!
    const sign = (half & 0x8000) << 16
    const exponent = half & 0x7c00
    const magnitude = half & 0x7fff
    if (exponent === 0) {
      values[index] = magnitude * bitsPerMantissaStep
      words[index] = words[index]! | sign
    } else {
      const rebias = exponent === 0x7c00 ? 224 << 23 : 112 << 23
      words[index] = sign | ((magnitude << 13) + rebias)
    }
  }
  return values
}

/**
 * bfloat16 to float32, exactly: the upper half of the word.
 * @param bits one 16-bit pattern per element
 */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length)
  for (let index = 0; index < bits.length; index++) words[index] = bits[index]! << 16
  return new Float32Array(words.buffer)
}

/** float32 to IEEE half precision, rounded to nearest, ties to even; too large becomes infinity, NaN stays NaN. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let index = 0; index < words.length; index++) halves[index] = roundToFloat16(words[index]!)
  return halves
}

function roundToFloat16(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  // 65520 is half way between the largest half and the next power of two: it and all above round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude >= 0x38800000) {
    const odd = (magnitude >>> 13) & 1
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13)
  }
  // Below 2^-25 everything rounds to zero; between, shift the full mantissa down to multiples of 2^-24.
  if (magnitude < 0x33000000) return sign
  const shift = 126 - (magnitude >>> 23)
  const mantissa = (magnitude & 0x7fffff) | 0x800000
  const half = mantissa >>> shift
  const rest = mantissa & ((1 << shift) - 1)
  const tie = 1 << (shift - 1)
  return sign | (half + (rest > tie || (rest === tie && (half & 1) === 1) ? 1 : 0))
}

/** float32 to bfloat16, rounded to nearest, ties to even; NaN stays NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    const isNan = (word & 0x7fffffff) > 0x7f800000
    halves[index] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return halves
}
