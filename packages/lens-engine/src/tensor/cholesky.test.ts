// Cholesky against ml-matrix and against the definition.
import { Matrix, solve } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { cholesky, solveCholesky, type Cholesky } from './cholesky.js'
import { createRandom } from './seeded-random.js'

function randomCovariance(size: number, samples: number, seed: number): Float64Array {
  const keys = createRandom(seed).normals(size * samples)
  const sum = new Float64Array(size * size)
  for (let sample = 0; sample < samples; sample++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const product =
          (keys[sample * size + row] as number) * (keys[sample * size + column] as number)
        sum[row * size + column] = (sum[row * size + column] as number) + product / samples
      }
    }
  }
  return sum
}

describe('cholesky', () => {
  it.each([1, 2, 7, 40])('factors and solves a system of size %i as ml-matrix does', (size) => {
    const matrix = randomCovariance(size, 3 * size, size)
    const factor = cholesky(matrix, size) as Cholesky
    const b = createRandom(`right side ${size}`).normals(size)
    const reference = solve(Matrix.from1DArray(size, size, matrix), Matrix.columnVector(b))
    const x = solveCholesky(factor, b)
    reference.to1DArray().forEach((value, index) => expect(x[index]).toBeCloseTo(value, 9))
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let product = 0
        for (let k = 0; k < size; k++) {
          product +=
            (factor.lower[row * size + k] as number) * (factor.lower[column * size + k] as number)
        }
        expect(product).toBeCloseTo(matrix[row * size + column] as number, 12)
      }
    }
  })

  it('answers null for a matrix that is not positive definite, and solves it with a ridge', () => {
    const singular = randomCovariance(6, 3, 1)
    expect(cholesky([0], 1)).toBeNull()
    expect(cholesky([1, 2, 2, 1], 2)).toBeNull()
    expect(cholesky([NaN], 1)).toBeNull()
    const factor = cholesky(singular, 6, 0.1) as Cholesky
    const x = solveCholesky(factor, [1, 0, 0, 0, 0, 0])
    const back = Array.from({ length: 6 }, (_, row) =>
      x.reduce(
        (sum, value, k) =>
          sum + value * ((singular[row * 6 + k] as number) + (row === k ? 0.1 : 0)),
        0,
      ),
    )
    back.forEach((value, row) => expect(value).toBeCloseTo(row === 0 ? 1 : 0, 9))
  })
})
