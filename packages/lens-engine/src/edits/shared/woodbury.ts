// (A + K K^T)^-1 K without forming A + K K^T, from A^-1 K: with B = A^-1 K it is B (I + K^T B)^-1 (Woodbury).
import { cholesky, solveCholesky } from '../../tensor/cholesky.js'
import type { Keys } from './spread-residual.js'

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}

/** Columns of `left` times the matrix whose rows are `rows`: result column j = sum_i left_i rows[i][j]. */
export function combine(left: Keys, rows: readonly Float64Array[]): Keys {
  const width = left[0]?.length ?? 0
  return (rows[0] ?? []).length === 0
    ? []
    : Array.from(rows[0] as Float64Array, (_, column) => {
        const sum = new Float64Array(width)
        left.forEach((vector, index) => {
          const weight = rows[index]?.[column] as number
          for (let at = 0; at < width; at++) {
            sum[at] = (sum[at] as number) + weight * (vector[at] as number)
          }
        })
        return sum
      })
}

/** Rows of (ridge I + left^T right)^-1 times `sides`, where left^T right is symmetric positive semi-definite. */
export function solveGram(
  left: Keys,
  right: Keys,
  ridge: number,
  sides: readonly Float64Array[],
): readonly Float64Array[] | null {
  const size = left.length
  const gram = new Float64Array(size * size)
  left.forEach((a, row) => right.forEach((b, column) => (gram[row * size + column] = dot(a, b))))
  // Symmetric in exact arithmetic; the mean of both halves keeps it so in float64.
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const mean =
        ((gram[row * size + column] as number) + (gram[column * size + row] as number)) / 2
      gram[row * size + column] = mean
    }
  }
  const factor = cholesky(gram, size, ridge)
  if (factor === null) return null
  const columns = (sides[0] as Float64Array).length
  const solved = Array.from({ length: size }, () => new Float64Array(columns))
  for (let column = 0; column < columns; column++) {
    const x = solveCholesky(
      factor,
      Float64Array.from(sides, (side) => side[column] as number),
    )
    x.forEach((value, row) => ((solved[row] as Float64Array)[column] = value))
  }
  return solved
}

/** Rows of a^T b. */
export const gramOf = (a: Keys, b: Keys): readonly Float64Array[] =>
  a.map((left) => Float64Array.from(b, (right) => dot(left, right)))

/** The rows of the identity. */
export const identity = (size: number): readonly Float64Array[] =>
  Array.from({ length: size }, (_, row) =>
    Float64Array.from({ length: size }, (_unused, column) => (row === column ? 1 : 0)),
  )
