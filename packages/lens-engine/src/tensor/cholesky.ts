// A positive definite matrix as L L^T in float64, and systems solved with it; nothing is ever inverted.

export interface Cholesky {
  readonly size: number
  /** Row-major [size, size]; the lower triangle holds L, the rest is zero. */
  readonly lower: Float64Array
}

/**
 * @param matrix row-major [size, size], symmetric; only the lower triangle is read
 * @param ridge added to every diagonal element
 * @returns null when a pivot is not positive, so that the matrix is singular or indefinite in float64
 */
export function cholesky(matrix: ArrayLike<number>, size: number, ridge = 0): Cholesky | null {
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const own = row * size
    for (let column = 0; column <= row; column++) {
      const other = column * size
      const diagonal = row === column
      let sum = (matrix[own + column] as number) + (diagonal ? ridge : 0)
      for (let k = 0; k < column; k++) {
        sum -= (lower[own + k] as number) * (lower[other + k] as number)
      }
      if (!diagonal) lower[own + column] = sum / (lower[other + column] as number)
      else if (sum > 0) lower[own + row] = Math.sqrt(sum)
      else return null
    }
  }
  return { size, lower }
}

/** x with L L^T x = b. */
export function solveCholesky({ size, lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b)
  for (let row = 0; row < size; row++) {
    let sum = x[row] as number
    for (let k = 0; k < row; k++) sum -= (lower[row * size + k] as number) * (x[k] as number)
    x[row] = sum / (lower[row * size + row] as number)
  }
  // L^T is read row by row of L: each solved element is taken out of those before it.
  for (let row = size - 1; row >= 0; row--) {
    const value = (x[row] as number) / (lower[row * size + row] as number)
    x[row] = value
    for (let k = 0; k < row; k++)
      x[k] = (x[k] as number) - (lower[row * size + k] as number) * value
  }
  return x
}
