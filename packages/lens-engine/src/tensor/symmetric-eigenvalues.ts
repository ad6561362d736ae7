// Eigenvalues of a real symmetric matrix: Householder tridiagonalisation, then implicit QL (Golub & Van Loan, 8.3).

/**
 * @param matrix row-major [n, n], symmetric; not changed
 * @returns n eigenvalues, ascending
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  // Scaled, so that squares neither overflow nor vanish (Math.hypot is many times slower).
  const scale = matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  if (scale === 0) return new Float64Array(n)
  const { diagonal, offDiagonal } = tridiagonalize(
    matrix.map((value) => value / scale),
    n,
  )
  implicitQl(diagonal, offDiagonal, n)
  return diagonal.sort().map((value) => value * scale)
}

/** Eigenvalues, ascending, of the tridiagonal matrix whose elements i and i + 1 offDiagonal[i] couples. */
export function tridiagonalEigenvalues(
  diagonal: readonly number[],
  offDiagonal: readonly number[],
): Float64Array {
  const values = Float64Array.from(diagonal)
  implicitQl(values, Float64Array.from(offDiagonal), values.length)
  return values.sort()
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** offDiagonal[i] couples i and i + 1. */
  readonly offDiagonal: Float64Array
}

/** Reduces the lower triangle of `a` in place from its last row upwards by reflections H = I - 2 v v^T / (v^T v). */
function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n)
  const offDiagonal = new Float64Array(n)
  const v = new Float64Array(n)
  const p = new Float64Array(n)
  for (let k = n - 1; k >= 1; k--) {
    diagonal[k] = a[k * n + k] as number
    const norm = copyRow(a, k, n, v)
    offDiagonal[k - 1] = norm === 0 ? 0 : reflect(a, k, n, norm, v, p)
  }
  if (n > 0) diagonal[0] = a[0] as number
  return { diagonal, offDiagonal }
}

/** Copies a[k, 0..k) into v and answers its norm. */
function copyRow(a: Float64Array, k: number, n: number, v: Float64Array): number {
  let sum = 0
  for (let j = 0; j < k; j++) {
    const value = a[k * n + j] as number
    v[j] = value
    sum += value * value
  }
  return Math.sqrt(sum)
}

/** Applies the reflection that maps v to a multiple of e_(k-1); answers that multiple. */
function reflect(
  a: Float64Array,
  k: number,
  n: number,
  norm: number,
  v: Float64Array,
  p: Float64Array,
): number {
  const last = v[k - 1] as number
  const alpha = last > 0 ? -norm : norm
  v[k - 1] = last - alpha
  const beta = norm * norm - last * alpha
  if (beta === 0) return alpha
  halfProduct(a, k, n, v, p)
  let projection = 0
  for (let i = 0; i < k; i++) {
    p[i] = (p[i] as number) / beta
    projection += (p[i] as number) * (v[i] as number)
  }
  const half = projection / (2 * beta)
  for (let i = 0; i < k; i++) p[i] = (p[i] as number) - half * (v[i] as number)
  for (let i = 0; i < k; i++) {
    const [vi, pi, row] = [v[i] as number, p[i] as number, i * n]
    for (let j = 0; j <= i; j++) {
      a[row + j] = (a[row + j] as number) - vi * (p[j] as number) - pi * (v[j] as number)
    }
  }
  return alpha
}

/** p = A v for the leading k rows and columns, of which only the lower triangle is kept up to date. */
function halfProduct(
  a: Float64Array,
  k: number,
  n: number,
  v: Float64Array,
  p: Float64Array,
): void {
  for (let i = 0; i < k; i++) {
    const [row, vi] = [i * n, v[i] as number]
    let sum = (a[row + i] as number) * vi
    for (let j = 0; j < i; j++) {
      const value = a[row + j] as number
      sum += value * (v[j] as number)
      p[j] = (p[j] as number) + value * vi
    }
    p[i] = sum
  }
}

const MAXIMUM_SWEEPS = 60

/** QL iterations with Wilkinson's shift; `d` becomes the eigenvalues. */
function implicitQl(d: Float64Array, e: Float64Array, n: number): void {
  for (let start = 0; start < n; start++) {
    for (let sweep = 0; sweep < MAXIMUM_SWEEPS; sweep++) {
      const end = firstNegligible(d, e, start, n)
      if (end === start) break
      qlSweep(d, e, start, end)
    }
  }
}

function firstNegligible(d: Float64Array, e: Float64Array, start: number, n: number): number {
  let end = start
  while (end < n - 1) {
    const size = Math.abs(d[end] as number) + Math.abs(d[end + 1] as number)
    if (Math.abs(e[end] as number) <= Number.EPSILON * size) break
    end++
  }
  return end
}

function qlSweep(d: Float64Array, e: Float64Array, start: number, end: number): void {
  const first = d[start] as number
  const theta = ((d[start + 1] as number) - first) / (2 * (e[start] as number))
  const root = Math.sqrt(theta * theta + 1)
  let g = (d[end] as number) - first + (e[start] as number) / (theta + (theta < 0 ? -root : root))
  let [sine, cosine, carry] = [1, 1, 0]
  for (let i = end - 1; i >= start; i--) {
    const f = sine * (e[i] as number)
    const b = cosine * (e[i] as number)
    const r = Math.sqrt(f * f + g * g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - carry
      e[end] = 0
      return
    }
    sine = f / r
    cosine = g / r
    const shifted = (d[i + 1] as number) - carry
    const turn = ((d[i] as number) - shifted) * sine + 2 * cosine * b
    carry = sine * turn
    d[i + 1] = shifted + carry
    g = cosine * turn - b
  }
  d[start] = (d[start] as number) - carry
  e[start] = g
  e[end] = 0
}
