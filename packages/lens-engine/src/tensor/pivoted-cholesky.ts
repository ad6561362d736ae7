// A positive semi-definite matrix as P^T L L^T P, by Cholesky with diagonal pivoting; stops at the numerical rank.
import { fourDots, spareRows } from './row-dots.js'

export interface CholeskyFactor {
  /** Row-major [n + spareRows, n]: L, lower triangular, its first `rank` columns. */
  readonly lower: Float64Array
  /** order[i] is the row of the matrix that row i of L stands for. */
  readonly order: Int32Array
  readonly rank: number
}

interface Progress extends CholeskyFactor {
  readonly matrix: Float64Array
  readonly n: number
  /** What is left of the diagonal. */
  readonly remaining: Float64Array
}

/**
 * @param matrix row-major [n, n], symmetric positive semi-definite; not changed
 * @param tolerance diagonal elements at or below n times this times the largest one end the factorisation
 */
export function pivotedCholesky(
  matrix: Float64Array,
  n: number,
  tolerance = 1e-15,
): CholeskyFactor {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  const remaining = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i] as number)
  const lower = new Float64Array((n + spareRows) * n)
  const limit = tolerance * n * Math.max(0, ...remaining)
  let rank = 0
  while (rank < n) {
    const pivot = indexOfLargest(remaining, rank)
    if (!((remaining[pivot] as number) > limit)) break
    const progress = { matrix, n, lower, order, remaining, rank }
    exchange(progress, pivot)
    fillColumn(progress)
    rank++
  }
  return { lower, order, rank }
}

function indexOfLargest(values: Float64Array, first: number): number {
  let best = first
  for (let i = first + 1; i < values.length; i++) {
    if ((values[i] as number) > (values[best] as number)) best = i
  }
  return best
}

/** Rows `rank` and `pivot` change places in everything found so far. */
function exchange({ order, remaining, lower, n, rank }: Progress, pivot: number): void {
  if (rank === pivot) return
  swap(order, rank, pivot)
  swap(remaining, rank, pivot)
  for (let k = 0; k < rank; k++) swap(lower, rank * n + k, pivot * n + k)
}

function swap(values: Float64Array | Int32Array, a: number, b: number): void {
  const kept = values[a] as number
  values[a] = values[b] as number
  values[b] = kept
}

/** The next column of L, and what it leaves of the diagonal. */
function fillColumn({ matrix, n, lower, order, remaining, rank }: Progress): void {
  const root = Math.sqrt(remaining[rank] as number)
  const source = (order[rank] as number) * n
  const dots = new Float64Array(4)
  lower[rank * n + rank] = root
  for (let i = rank + 1; i < n; i += 4) {
    fourDots(lower, rank * n, lower, i * n, n, 0, rank, dots)
    for (let t = 0; t < 4 && i + t < n; t++) {
      const original = matrix[source + (order[i + t] as number)] as number
      const value = (original - (dots[t] as number)) / root
      lower[(i + t) * n + rank] = value
      remaining[i + t] = (remaining[i + t] as number) - value * value
    }
  }
}
