// Small dense algebra in float64 on the factors of deltas: orthonormal bases, inner products, principal angles, and the
// leading factors of a dense matrix.
import type { LowRankDelta, MatrixDelta } from '../edits/matrix-delta.js'
import { createRandom } from '../tensor/seeded-random.js'
import { symmetricEigenvalues } from '../tensor/symmetric-eigenvalues.js'
import { symmetricEigenvectors } from './jacobi-eigenvectors.js'

/** Vectors of equal length. */
export type Vectors = readonly Float64Array[]

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}

export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a))

/** Columns of U. */
export const inputVectors = ({ u, rank, inputWidth }: LowRankDelta): Vectors =>
  Array.from({ length: rank }, (_, k) =>
    Float64Array.from({ length: inputWidth }, (__, row) => u[row * rank + k] as number),
  )

/** Rows of V. */
export const outputVectors = ({ v, rank, outputWidth }: LowRankDelta): Vectors =>
  Array.from({ length: rank }, (_, k) =>
    Float64Array.from(v.subarray(k * outputWidth, (k + 1) * outputWidth)),
  )

/** What is left of a vector, relative to its length, below which it counts as dependent on those before it. */
const DEPENDENT = 1e-6

/** An orthonormal basis of the span, by Gram-Schmidt done twice. */
export function orthonormalBasis(vectors: Vectors): Vectors {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    const rest = Float64Array.from(vector)
    for (let pass = 0; pass < 2; pass++) {
      for (const one of basis) {
        const along = dot(one, rest)
        for (let i = 0; i < rest.length; i++) {
          rest[i] = (rest[i] as number) - along * (one[i] as number)
        }
      }
    }
    const length = norm(rest)
    if (length > DEPENDENT * norm(vector) && length > 0) basis.push(rest.map((x) => x / length))
  }
  return basis
}

/** Angles between two spans in degrees, smallest first; as many as the smaller has dimensions. */
export function principalAngles(a: Vectors, b: Vectors): readonly number[] {
  const [p, q] = [orthonormalBasis(a), orthonormalBasis(b)]
  const [small, large] = p.length <= q.length ? [p, q] : [q, p]
  const count = small.length
  if (count === 0) return []
  // Cosines are the singular values of P^T Q: roots of the eigenvalues of its Gram matrix.
  const products = small.map((one) => Float64Array.from(large, (other) => dot(one, other)))
  const gram = new Float64Array(count * count)
  products.forEach((row, i) => {
    products.forEach((column, j) => {
      gram[i * count + j] = dot(row, column)
    })
  })
  return Array.from(symmetricEigenvalues(gram, count))
    .map((value) => Math.sqrt(Math.min(1, Math.max(0, value))))
    .sort((one, other) => other - one)
    .map((cosine) => (Math.acos(cosine) * 180) / Math.PI)
}

/** sum over elements of A * B, from the factors where both have them. */
export function innerProduct(a: MatrixDelta, b: MatrixDelta): number {
  if (a.kind === 'dense' && b.kind === 'dense') return dot(a.values, b.values)
  if (a.kind === 'dense') return innerProduct(b, a)
  const [left, right] = [inputVectors(a), outputVectors(a)]
  if (b.kind === 'dense') {
    return left.reduce((sum, u, k) => sum + bilinear(b.values, u, right[k] as Float64Array), 0)
  }
  const [otherLeft, otherRight] = [inputVectors(b), outputVectors(b)]
  return left.reduce(
    (sum, u, k) =>
      sum +
      otherLeft.reduce(
        (part, other, j) =>
          part + dot(u, other) * dot(right[k] as Float64Array, otherRight[j] as Float64Array),
        0,
      ),
    0,
  )
}

/** u M v^T of a matrix [in, out]. */
function bilinear(matrix: Float32Array, u: Float64Array, v: Float64Array): number {
  return u.reduce((sum, value, row) => {
    if (value === 0) return sum
    return sum + value * dot(matrix.subarray(row * v.length, (row + 1) * v.length), v)
  }, 0)
}

export interface LeadingFactors {
  /** Unit vectors [in] */
  readonly inputs: Vectors
  /** [out], scaled by the singular values; largest first */
  readonly outputs: Vectors
}

const POWER_STEPS = 12

/** The strongest factors of a dense matrix [in, out], by subspace iteration from a seeded start. */
export function leadingFactors(
  matrix: Float32Array,
  inputWidth: number,
  count: number,
): LeadingFactors {
  const out = matrix.length / inputWidth
  const random = createRandom('leading factors')
  const times = (v: Float64Array): Float64Array =>
    Float64Array.from({ length: inputWidth }, (_, row) =>
      dot(matrix.subarray(row * out, (row + 1) * out), v),
    )
  let outputs: Vectors = Array.from({ length: Math.min(count, out, inputWidth) }, () =>
    Float64Array.from(random.normals(out)),
  )
  let inputs: Vectors = []
  for (let step = 0; step < POWER_STEPS; step++) {
    inputs = orthonormalBasis(outputs.map(times))
    outputs = inputs.map((u) => transposedTimes(matrix, u, out))
  }
  // The span has converged; within it the factors are the eigenvectors of the outputs' Gram matrix.
  const gram = outputs.map((one) => Float64Array.from(outputs, (other) => dot(one, other)))
  const turned = symmetricEigenvectors(gram).map(({ vector }) => vector)
  return {
    inputs: turned.map((weights) => weightedSum(inputs, weights)),
    outputs: turned.map((weights) => weightedSum(outputs, weights)),
  }
}

export function weightedSum(vectors: Vectors, weights: ArrayLike<number>): Float64Array {
  const result = new Float64Array(vectors[0]?.length ?? 0)
  vectors.forEach((vector, k) => {
    const weight = weights[k] as number
    for (let i = 0; i < result.length; i++) {
      result[i] = (result[i] as number) + weight * (vector[i] as number)
    }
  })
  return result
}

function transposedTimes(matrix: Float32Array, u: Float64Array, out: number): Float64Array {
  const result = new Float64Array(out)
  u.forEach((value, row) => {
    for (let column = 0; column < out; column++) {
      result[column] = (result[column] as number) + value * (matrix[row * out + column] as number)
    }
  })
  return result
}

/** Factors of any delta: its own, or the strongest `count` of a dense one. */
export function factorsOf(delta: MatrixDelta, count: number): LeadingFactors {
  return delta.kind === 'low-rank'
    ? { inputs: inputVectors(delta), outputs: outputVectors(delta) }
    : leadingFactors(delta.values, delta.inputWidth, count)
}
