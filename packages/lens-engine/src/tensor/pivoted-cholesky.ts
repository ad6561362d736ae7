// A positive semi-definite matrix as C C^T, by Cholesky with diagonal pivoting; stops at the numerical rank.

export interface CholeskyFactor {
  /** Row-major [n, rank] */
  readonly factor: Float64Array
  readonly rank: number
}

/**
 * @param matrix row-major [n, n], symmetric positive semi-definite; not changed
 * @param tolerance diagonal elements at or below this times the largest one end the factorisation
 */
export function pivotedCholesky(
  matrix: Float64Array,
  n: number,
  tolerance = 1e-15,
): CholeskyFactor {
  const remaining = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i] as number)
  const columns: Float64Array[] = []
  const limit = tolerance * n * Math.max(0, ...remaining)
  for (let step = 0; step < n; step++) {
    const pivot = indexOfLargest(remaining)
    const size = remaining[pivot] as number
    if (!(size > limit)) break
    const column = nextColumn(matrix, n, columns, pivot, Math.sqrt(size))
    columns.push(column)
    for (let i = 0; i < n; i++) remaining[i] = (remaining[i] as number) - (column[i] as number) ** 2
    remaining[pivot] = 0
  }
  return { factor: interleave(columns, n), rank: columns.length }
}

function nextColumn(
  matrix: Float64Array,
  n: number,
  columns: readonly Float64Array[],
  pivot: number,
  root: number,
): Float64Array {
  const column = Float64Array.from({ length: n }, (_, i) => matrix[i * n + pivot] as number)
  for (const earlier of columns) {
    const weight = earlier[pivot] as number
    for (let i = 0; i < n; i++) column[i] = (column[i] as number) - weight * (earlier[i] as number)
  }
  for (let i = 0; i < n; i++) column[i] = (column[i] as number) / root
  return column
}

function indexOfLargest(values: Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if ((values[i] as number) > (values[best] as number)) best = i
  }
  return best
}

function interleave(columns: readonly Float64Array[], n: number): Float64Array {
  const rank = columns.length
  const factor = new Float64Array(n * rank)
  columns.forEach((column, k) => {
    for (let i = 0; i < n; i++) factor[i * rank + k] = column[i] as number
  })
  return factor
}
