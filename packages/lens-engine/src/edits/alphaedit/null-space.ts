// The directions of a covariance's keys that are hardly used, and the projection onto them.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { KeyCovariance } from '../edit-method.js'
import { meanDiagonal } from '../shared/covariance-solver.js'

interface Eigen {
  readonly values: readonly number[]
  /** Eigenvectors, each [width]. */
  readonly vectors: readonly Float64Array[]
}

/** Decompositions live as long as the covariance they belong to. */
const eigenOf = new WeakMap<KeyCovariance, Eigen>()

export interface NullSpace {
  /** P k = U0 U0^T k. */
  readonly project: (key: Float64Array) => Float64Array
  /** Share of all directions that are free. */
  readonly share: number
}

/** Eigenvectors of C whose eigenvalue is below the threshold (AlphaEdit, eq. 9). */
export function projectToNullSpace(
  covariance: KeyCovariance,
  { threshold, relative }: { readonly threshold: number; readonly relative: boolean },
): NullSpace {
  const { values, vectors } = decompose(covariance)
  const limit = threshold * (relative ? meanDiagonal(covariance) : 1)
  const free = vectors.filter((_, index) => (values[index] as number) < limit)
  return {
    share: free.length / covariance.width,
    project: (key) => {
      const projected = new Float64Array(key.length)
      for (const vector of free) {
        let weight = 0
        for (let at = 0; at < key.length; at++) {
          weight += (vector[at] as number) * (key[at] as number)
        }
        for (let at = 0; at < key.length; at++) {
          projected[at] = (projected[at] as number) + weight * (vector[at] as number)
        }
      }
      return projected
    },
  }
}

function decompose(covariance: KeyCovariance): Eigen {
  const known = eigenOf.get(covariance)
  if (known !== undefined) return known
  const { values, width } = covariance
  const matrix = Matrix.from1DArray(width, width, values)
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true })
  const columns = found.eigenvectorMatrix
  const eigen = {
    values: found.realEigenvalues,
    vectors: found.realEigenvalues.map((_, column) => Float64Array.from(columns.getColumn(column))),
  }
  eigenOf.set(covariance, eigen)
  return eigen
}
