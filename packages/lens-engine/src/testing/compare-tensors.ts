// How far two tensors are apart: ||a - b|| / ||b||, with rows that are zero in the reference reported apart.

export interface TensorDifference {
  /** ||a - b|| / ||b|| over the rows that are not zero in the reference; 0 when all are. */
  readonly relativeError: number
  /** Largest absolute value found where the reference's row is zero. */
  readonly largestInZeroRows: number
  readonly zeroRows: number
}

/** Compares `actual` with `reference`, both [rows, width], in float64. NaN anywhere gives NaN, which passes no bound. */
export function compareTensors(
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  width: number,
): TensorDifference {
  if (actual.length !== reference.length || reference.length % width !== 0) {
    throw new RangeError(`${actual.length} elements against ${reference.length} of width ${width}`)
  }
  let squaredDifference = 0
  let squaredReference = 0
  let largestInZeroRows = 0
  let zeroRows = 0
  for (let start = 0; start < reference.length; start += width) {
    const row = compareRow(actual, reference, start, width)
    if (row.reference === 0) {
      zeroRows += 1
      largestInZeroRows = Math.max(largestInZeroRows, row.largest)
    } else {
      squaredDifference += row.difference
      squaredReference += row.reference
    }
  }
  const relativeError = squaredReference === 0 ? 0 : Math.sqrt(squaredDifference / squaredReference)
  return { relativeError, largestInZeroRows, zeroRows }
}

function compareRow(
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  start: number,
  width: number,
): { difference: number; reference: number; largest: number } {
  const sums = { difference: 0, reference: 0, largest: 0 }
  for (let index = start; index < start + width; index++) {
    const value = actual[index] as number
    const expected = reference[index] as number
    sums.difference += (value - expected) ** 2
    sums.reference += expected ** 2
    sums.largest = Math.max(sums.largest, Math.abs(value))
  }
  return sums
}

/** The relative error alone, for tensors without rows of zeros. */
export function relativeError(actual: ArrayLike<number>, reference: ArrayLike<number>): number {
  return compareTensors(actual, reference, reference.length || 1).relativeError
}
