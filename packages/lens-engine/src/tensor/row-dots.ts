// Dot products of one row with four consecutive rows: the loop everything dense here is made of.

/**
 * dots[t] = sum of left[a + k] * right[b + t * stride + k] over first <= k < end, for t = 0..3. Plain constants and four
 * sums: the compiler keeps them in registers, which it does not do for sums in an array.
 */
export function fourDots(
  left: Float64Array,
  a: number,
  right: Float64Array,
  b: number,
  stride: number,
  first: number,
  end: number,
  dots: Float64Array,
): void {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  const b1 = b + stride
  const b2 = b1 + stride
  const b3 = b2 + stride
  for (let k = first; k < end; k++) {
    const value = left[a + k] as number
    sum0 += value * (right[b + k] as number)
    sum1 += value * (right[b1 + k] as number)
    sum2 += value * (right[b2 + k] as number)
    sum3 += value * (right[b3 + k] as number)
  }
  dots[0] = sum0
  dots[1] = sum1
  dots[2] = sum2
  dots[3] = sum3
}

/** Rows a matrix read by `fourDots` must have beyond its own, so that the last four rows exist. */
export const spareRows = 3
