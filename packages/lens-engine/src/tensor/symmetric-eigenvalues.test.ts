import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { allEigenvaluesExceed, largestEigenvalue } from './largest-eigenvalue.js'
import { pivotedCholesky } from './pivoted-cholesky.js'
import { spareRows } from './row-dots.js'
import { createRandom } from './seeded-random.js'
import { symmetricEigenvalues } from './symmetric-eigenvalues.js'

/** B B^T for a random B [n, rank]. */
function randomGram(n: number, rank: number, seed: number): Float64Array {
  const random = createRandom(seed)
  const b = Float64Array.from({ length: n * rank }, () => random.nextNormal())
  const gram = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < rank; k++) {
        gram[i * n + j] =
          (gram[i * n + j] as number) + (b[i * rank + k] as number) * (b[j * rank + k] as number)
      }
    }
  }
  return gram
}

describe('symmetricEigenvalues', () => {
  it.each([1, 2, 3, 8, 25, 60])('agrees with ml-matrix for n = %i', (n) => {
    const gram = randomGram(n, Math.max(1, n - 2), n)
    const matrix = Matrix.from1DArray(n, n, gram)
    const expected = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    }).realEigenvalues.sort((a, b) => a - b)
    const actual = symmetricEigenvalues(gram, n)
    const scale = Math.max(...expected.map(Math.abs))
    actual.forEach((value, index) =>
      expect(Math.abs(value - (expected[index] as number))).toBeLessThan(1e-12 * scale),
    )
  })

  it('handles a zero matrix and a diagonal one', () => {
    expect([...symmetricEigenvalues(new Float64Array(9), 3)]).toEqual([0, 0, 0])
    expect([...symmetricEigenvalues(Float64Array.of(3, 0, 0, 1), 2)]).toEqual([1, 3])
  })
})

describe('pivotedCholesky', () => {
  it.each([
    [5, 5],
    [9, 4],
    [30, 1],
  ])('rebuilds a %i x %i matrix and finds its rank %i', (n, rank) => {
    const gram = randomGram(n, rank, 7 * n)
    const { lower, order, rank: found } = pivotedCholesky(gram, n)
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
    expect(found).toBe(rank)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let k = 0; k < found; k++)
          sum += (lower[i * n + k] as number) * (lower[j * n + k] as number)
        const [row, column] = [order[i] as number, order[j] as number]
        expect(sum).toBeCloseTo(gram[row * n + column] as number, 9)
      }
    }
  })

  it('stops at once for a zero matrix', () => {
    expect(pivotedCholesky(new Float64Array(4), 2).rank).toBe(0)
  })
})

describe('largestEigenvalue and allEigenvaluesExceed', () => {
  it.each([2, 5, 33, 90])('agree with all eigenvalues for n = %i', (n) => {
    const gram = randomGram(n, n + 2, 11 * n)
    const padded = new Float64Array((n + spareRows) * n)
    padded.set(gram)
    const eigenvalues = symmetricEigenvalues(gram, n)
    const [smallest, largest] = [eigenvalues[0] as number, eigenvalues[n - 1] as number]
    expect(Math.abs((largestEigenvalue(padded, n) as number) / largest - 1)).toBeLessThan(1e-12)
    expect(allEigenvaluesExceed(padded, n, 0.99 * smallest)).toBe(true)
    expect(allEigenvaluesExceed(padded, n, 1.01 * smallest)).toBe(false)
  })

  it('find the largest of a diagonal matrix, and nothing in a zero one', () => {
    const diagonal = new Float64Array((3 + spareRows) * 3)
    diagonal.set([2, 0, 0, 0, 7, 0, 0, 0, 1])
    expect(largestEigenvalue(diagonal, 3)).toBeCloseTo(7, 12)
    expect(largestEigenvalue(new Float64Array((3 + spareRows) * 3), 3)).toBe(0)
    expect(allEigenvaluesExceed(new Float64Array((3 + spareRows) * 3), 3, 0)).toBe(false)
  })
})
