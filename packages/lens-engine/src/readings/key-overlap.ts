// Two edits -> how much they react to the same inputs, where they change the same matrix.
import type { Edit } from '../edits/edit.js'
import { addressKey, deltaNorm, type MatrixDelta } from '../edits/matrix-delta.js'
import { factorsOf, principalAngles, type Vectors } from './factor-algebra.js'

/** Leading factors of a dense delta whose span is compared. */
const DENSE_FACTORS = 8

/** An edit's input factors by matrix, in order of what it adds; made once where it is compared with many. */
export type InputFactors = ReadonlyMap<string, Vectors>

export function inputFactors({ deltas }: Pick<Edit, 'deltas'>): InputFactors {
  const factors = new Map<string, Vectors>()
  for (const delta of deltas.filter((one: MatrixDelta) => deltaNorm(one) > 0)) {
    const key = addressKey(delta.address)
    factors.set(key, [...(factors.get(key) ?? []), ...factorsOf(delta, DENSE_FACTORS).inputs])
  }
  return factors
}

/**
 * From 0 (they share no matrix, or react to orthogonal inputs) to 1 (one reacts to nothing the other does not).
 * For each shared matrix, sqrt(|Qa^T Qb|_F^2 / min(ra, rb)) of orthonormal bases Qa, Qb of the spans of the input factors:
 * the root of the mean squared cosine of their principal angles (Björck and Golub 1973; the subspace similarity phi of
 * Hu et al. 2021, LoRA, section 7.2, is its square). Of the shared matrices the greatest. For rank-1 edits it is
 * |cos(ua, ub)|.
 */
export function keyOverlap(a: InputFactors, b: InputFactors): number {
  let greatest = 0
  for (const [key, one] of a) {
    const other = b.get(key)
    if (other === undefined) continue
    const cosines = principalAngles(one, other).map((angle) => Math.cos((angle * Math.PI) / 180))
    const squares = cosines.reduce((sum, cosine) => sum + cosine * cosine, 0)
    if (cosines.length > 0) greatest = Math.max(greatest, Math.sqrt(squares / cosines.length))
  }
  return Math.min(1, greatest)
}
