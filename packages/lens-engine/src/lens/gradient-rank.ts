// Numerical rank of dL/dW = X^T Delta from the Gram matrices of its factors, never from the matrix itself.
import { pivotedCholesky, type CholeskyFactor } from '../tensor/pivoted-cholesky.js'
import { symmetricEigenvalues } from '../tensor/symmetric-eigenvalues.js'

const FLOAT32_EPSILON = 2 ** -23

export interface RankResult {
  readonly rank: number
  readonly largestSingularValue: number
  readonly tolerance: number
}

/** C with X X^T = C C^T; share it between matrices that have the same input. gram: row-major [n, n] */
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
  const squares = symmetricEigenvalues(congruence(inputFactor, vjpGram, n), inputFactor.rank)
  const values = Array.from(squares, (square) => Math.sqrt(Math.max(0, square)))
  const largest = Math.max(0, ...values)
  const tolerance = Math.max(...widths) * FLOAT32_EPSILON * largest
  return {
    rank: values.filter((value) => value > tolerance).length,
    largestSingularValue: largest,
    tolerance,
  }
}

/** C^T G C for C [n, r] and symmetric G [n, n] -> [r, r] */
function congruence({ factor, rank }: CholeskyFactor, gram: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * rank)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) addScaledRow(product, i, gram[i * n + k] as number, factor, k, rank)
  }
  const result = new Float64Array(rank * rank)
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < rank; i++) {
      addScaledRow(result, i, factor[k * rank + i] as number, product, k, rank)
    }
  }
  return result
}

/** target[row] += weight * source[sourceRow], rows of `width`. */
function addScaledRow(
  target: Float64Array,
  row: number,
  weight: number,
  source: Float64Array,
  sourceRow: number,
  width: number,
): void {
  if (weight === 0) return
  const [to, from] = [row * width, sourceRow * width]
  for (let j = 0; j < width; j++) {
    target[to + j] = (target[to + j] as number) + weight * (source[from + j] as number)
  }
}
