// Numerical rank of dL/dW = X^T Delta from the Gram matrices of its factors, never from the matrix itself.
import { pivotedCholesky, type CholeskyFactor } from '../tensor/pivoted-cholesky.js'
import { allEigenvaluesExceed, largestEigenvalue } from '../tensor/largest-eigenvalue.js'
import { fourDots, spareRows } from '../tensor/row-dots.js'
import { symmetricEigenvalues } from '../tensor/symmetric-eigenvalues.js'

const FLOAT32_EPSILON = 2 ** -23
/** From this size on it pays to ask first whether the rank is full, which takes a fraction of all eigenvalues. */
const LARGE = 32

export interface RankResult {
  readonly rank: number
  readonly largestSingularValue: number
  readonly tolerance: number
}

/** The factor of X X^T = C C^T; share it between matrices that have the same input. gram: row-major [n, n] */
export function factorGram(gram: Float64Array, n: number): CholeskyFactor {
  return pivotedCholesky(gram, n)
}

/**
 * The squared singular values of X^T Delta are the eigenvalues of C^T (Delta Delta^T) C.
 * Values at or below max(n_in, n_out) * eps_float32 * largest count as zero (the default of torch.linalg.matrix_rank).
 */
export function gradientRank(
  inputFactor: CholeskyFactor,
  vjpGram: Float64Array,
  n: number,
  widths: readonly [number, number],
): RankResult {
  const squares = congruence(inputFactor, vjpGram, n)
  const relative = Math.max(...widths) * FLOAT32_EPSILON
  return (
    fullRank(squares, inputFactor.rank, relative) ??
    rankByEigenvalues(squares.subarray(0, inputFactor.rank ** 2), inputFactor.rank, relative)
  )
}

/** The result where every singular value counts; null where one does not, or for a small matrix. */
function fullRank(squares: Float64Array, size: number, relative: number): RankResult | null {
  if (size < LARGE) return null
  const square = largestEigenvalue(squares, size)
  if (square === null || !(square > 0)) return null
  if (!allEigenvaluesExceed(squares, size, relative ** 2 * square)) return null
  const largest = Math.sqrt(square)
  return { rank: size, largestSingularValue: largest, tolerance: relative * largest }
}

function rankByEigenvalues(squares: Float64Array, size: number, relative: number): RankResult {
  const eigenvalues = symmetricEigenvalues(squares, size)
  const values = Array.from(eigenvalues, (square) => Math.sqrt(Math.max(0, square)))
  const largest = Math.max(0, ...values)
  const tolerance = relative * largest
  return {
    rank: values.filter((value) => value > tolerance).length,
    largestSingularValue: largest,
    tolerance,
  }
}

/** C^T G C for C = P^T L and symmetric G [n, n] -> [rank + spareRows, rank]; L is triangular, which saves two thirds. */
function congruence({ lower, order, rank }: CholeskyFactor, gram: Float64Array, n: number) {
  const rows = permuted(gram, order, n)
  const columns = columnsOf(lower, n, rank)
  // Row j is column j of G L.
  const product = new Float64Array((rank + spareRows) * n)
  const dots = new Float64Array(4)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rank; j += 4) {
      fourDots(rows, i * n, columns, j * n, n, j, n, dots)
      for (let t = 0; t < 4; t++) product[(j + t) * n + i] = dots[t] as number
    }
  }
  const result = new Float64Array((rank + spareRows) * rank)
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j += 4) {
      fourDots(columns, i * n, product, j * n, n, i, n, dots)
      for (let t = 0; t < 4 && j + t <= i; t++) {
        result[i * rank + j + t] = result[(j + t) * rank + i] = dots[t] as number
      }
    }
  }
  return result
}

/** L^T, its rows contiguous: [rank + spareRows, n] */
function columnsOf(lower: Float64Array, n: number, rank: number): Float64Array {
  const columns = new Float64Array((rank + spareRows) * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rank; j++) columns[j * n + i] = lower[i * n + j] as number
  }
  return columns
}

function permuted(gram: Float64Array, order: Int32Array, n: number): Float64Array {
  const result = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const source = (order[i] as number) * n
    for (let j = 0; j < n; j++) result[i * n + j] = gram[source + (order[j] as number)] as number
  }
  return result
}
