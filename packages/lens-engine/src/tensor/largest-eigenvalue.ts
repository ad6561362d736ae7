// The largest eigenvalue of a positive semi-definite matrix, and whether all of them exceed a bound, without finding the rest.
import { fourDots, spareRows } from './row-dots.js'
import { createRandom } from './seeded-random.js'
import { tridiagonalEigenvalues } from './symmetric-eigenvalues.js'

const MAXIMUM_STEPS = 96
const STEPS_BETWEEN_LOOKS = 8
const ACCURACY = 1e-14

/**
 * Lanczos iteration (Golub & Van Loan, 10.1) from a seeded random vector.
 * @param matrix row-major [n + spareRows, n], symmetric positive semi-definite
 * @returns the eigenvalue to about 1e-14 of itself, or null when it has not settled after 96 steps
 */
export function largestEigenvalue(matrix: Float64Array, n: number): number | null {
  const diagonal: number[] = []
  const offDiagonal: number[] = []
  let previous = new Float64Array(n)
  let current = Float64Array.from(createRandom(n).normals(n))
  let norm = length(current)
  let found = 0
  for (let step = 1; step <= MAXIMUM_STEPS; step++) {
    for (let i = 0; i < n; i++) current[i] = (current[i] as number) / norm
    const next = multiply(matrix, current, n)
    const along = dot(next, current)
    const coupling = step === 1 ? 0 : norm
    for (let i = 0; i < n; i++) {
      next[i] =
        (next[i] as number) - along * (current[i] as number) - coupling * (previous[i] as number)
    }
    diagonal.push(along)
    norm = length(next)
    offDiagonal.push(norm)
    // The vectors so far span a space the matrix does not leave.
    const ended = step === n || norm <= ACCURACY * Math.max(...diagonal)
    if (ended || step % STEPS_BETWEEN_LOOKS === 0) {
      const largest = tridiagonalEigenvalues(diagonal, offDiagonal).at(-1) as number
      if (ended || Math.abs(largest - found) <= ACCURACY * largest) return largest
      found = largest
    }
    previous = current
    current = next
  }
  return null
}

/** Whether matrix - bound I is positive definite: its Cholesky factorisation exists. */
export function allEigenvaluesExceed(matrix: Float64Array, n: number, bound: number): boolean {
  const lower = new Float64Array((n + spareRows) * n)
  const dots = new Float64Array(4)
  for (let step = 0; step < n; step++) {
    fourDots(lower, step * n, lower, step * n, n, 0, step, dots)
    const pivot = (matrix[step * n + step] as number) - bound - (dots[0] as number)
    if (!(pivot > 0)) return false
    const root = Math.sqrt(pivot)
    lower[step * n + step] = root
    for (let i = step + 1; i < n; i += 4) {
      fourDots(lower, step * n, lower, i * n, n, 0, step, dots)
      for (let t = 0; t < 4 && i + t < n; t++) {
        const original = matrix[(i + t) * n + step] as number
        lower[(i + t) * n + step] = (original - (dots[t] as number)) / root
      }
    }
  }
  return true
}

function multiply(
  matrix: Float64Array,
  vector: Float64Array,
  n: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n)
  const dots = new Float64Array(4)
  for (let i = 0; i < n; i += 4) {
    fourDots(vector, 0, matrix, i * n, n, 0, n, dots)
    for (let t = 0; t < 4 && i + t < n; t++) result[i + t] = dots[t] as number
  }
  return result
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

const length = (vector: Float64Array): number => Math.sqrt(dot(vector, vector))
