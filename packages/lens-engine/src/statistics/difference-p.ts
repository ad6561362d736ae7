// Resamples of an estimate, and the cases that a difference rests on -> two-sided p-values against 0.
import { normalCdf } from './normal-distribution.js'
import type { OrderedSample } from './ordered-sample.js'

export interface Resampled {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly ordered: OrderedSample
  /** Cases that were resampled. */
  readonly n: number
}

/**
 * The larger of two: twice the smaller share of replicates on one side, (count + 1) / (B + 1), and Student's t of the estimate
 * over its bootstrap standard error, n - 1 degrees of freedom. Of few cases the first alone is too small: half of what it
 * should be of eight. Where no replicate lies on one side it says how many were drawn, not how sure the difference is, and a
 * correction for some hundred pairs would leave nothing: then the second stands alone.
 */
export function twoSidedP({ estimate, replicates, ordered, n }: Resampled): number {
  const { below, atMost } = ordered.rankOf(0)
  const smaller = Math.min(atMost, ordered.length - below)
  const shared = Math.min(1, (2 * (smaller + 1)) / (ordered.length + 1))
  const deviation = deviationOf(replicates)
  if (n < 2 || (estimate === 0 && deviation === 0)) return shared
  const student = studentP(Math.abs(estimate) / (deviation * Math.sqrt(n / (n - 1))), n - 1)
  return smaller === 0 ? student : Math.max(shared, student)
}

/** With divisor B - 1. */
function deviationOf(values: Float64Array): number {
  let [mean, squares] = [0, 0]
  for (const value of values) mean += value / values.length
  for (const value of values) squares += (value - mean) * (value - mean)
  return Math.sqrt(squares / (values.length - 1))
}

/** P(|T| >= t) by Wallace's normal form of Student's t (1959): at most 1 % too small, and rather too large far out. */
export function studentP(t: number, freedom: number): number {
  const scale = (8 * freedom + 1) / (8 * freedom + 3)
  return 2 * normalCdf(-scale * Math.sqrt(freedom * Math.log1p((t * t) / freedom)))
}

/** More cases allow p-values below 2e-9, which nobody needs to tell apart. */
const ENOUGH_CASES = 30

/**
 * The smallest p-value of any exact paired test: 2^(1 - m), m the cases on which the two do not have the same values. Were they
 * equal, each of these cases could as well stand the other way round.
 */
export function smallestPairedP(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
): number {
  const n = first[0]?.length ?? 0
  let differing = 0
  for (let row = 0; row < n && differing < ENOUGH_CASES; row++) {
    if (first.some((column, at) => column[row] !== second[at]?.[row])) differing++
  }
  return Math.min(1, 2 ** (1 - differing))
}
