// Values of a sample -> its interval: bias-corrected and accelerated (BCa) bootstrap, and the forms published tables use.
import { normalCdf, normalQuantile } from './normal-distribution.js'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** How an interval came about; `constant`: every case has the same value, so resampling cannot show a spread. */
export type IntervalMethod = 'bca' | 'percentile' | 'constant' | 'none'

export interface BootstrapInterval extends Interval {
  readonly method: IntervalMethod
}

/** Replicates and leave-one-out values of one statistic. */
export interface BootstrapSample {
  readonly estimate: number
  /** The statistic of every resample. Sorted in place. */
  readonly replicates: Float64Array
  /** The statistic without case i, for each i. */
  readonly leaveOneOut: Float64Array
}

/**
 * BCa interval (Efron 1987; Efron and Tibshirani 1993, equations 14.9 to 14.15), quantiles interpolated linearly between
 * order statistics and ties of a replicate with the estimate counted half, as in `scipy.stats.bootstrap`.
 * Falls back to the percentile interval where the acceleration is not defined or every replicate lies on one side.
 */
export function bcaInterval(sample: BootstrapSample, level: number): BootstrapInterval {
  const sorted = sample.replicates.sort()
  const [first, last] = [sorted[0]!, sorted[sorted.length - 1]!]
  if (first === last) return { low: first, high: last, method: 'constant' }
  const tail = (1 - level) / 2
  const bias = normalQuantile(shareBelow(sorted, sample.estimate))
  const acceleration = accelerationOf(sample.leaveOneOut)
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) {
    return {
      low: quantileOfSorted(sorted, tail),
      high: quantileOfSorted(sorted, 1 - tail),
      method: 'percentile',
    }
  }
  const adjusted = (p: number): number => {
    const shifted = bias + normalQuantile(p)
    return normalCdf(bias + shifted / (1 - acceleration * shifted))
  }
  return {
    low: quantileOfSorted(sorted, adjusted(tail)),
    high: quantileOfSorted(sorted, adjusted(1 - tail)),
    method: 'bca',
  }
}

/** Quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan, numpy's default). */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!)
}

export interface PublishedForms {
  /** Number of values found, which the standard error divides by. */
  readonly n: number
  readonly mean: number
  /** Standard deviation over cases, divisor n (numpy's default; the +- of the Backward Lens tables). */
  readonly sd: number
  /** 1.96 sd / sqrt(n) (the +- of the ROME and MEMIT tables). */
  readonly halfWidth95: number
}

/** Mean, SD and 1.96 SE of the values that are not NaN, in the forms that published tables print; null without values. */
export function publishedForms(values: ArrayLike<number>): PublishedForms | null {
  const present = Array.from(values).filter((value) => !Number.isNaN(value))
  const n = present.length
  if (n === 0) return null
  const mean = present.reduce((sum, value) => sum + value, 0) / n
  const sd = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n)
  return { n, mean, sd, halfWidth95: (1.96 * sd) / Math.sqrt(n) }
}

/** Share of values below the estimate, equal ones counted half. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  const strictly = lowerBound(sorted, estimate)
  let atMost = strictly
  while (atMost < sorted.length && sorted[atMost]! <= estimate) atMost++
  return (strictly + atMost) / (2 * sorted.length)
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Skewness of the jackknife: sum d^3 / (6 (sum d^2)^1.5), d the mean less each value; NaN when all are equal. */
function accelerationOf(leaveOneOut: Float64Array): number {
  let mean = 0
  for (const value of leaveOneOut) mean += value / leaveOneOut.length
  let [squares, cubes] = [0, 0]
  for (const value of leaveOneOut) {
    const difference = mean - value
    squares += difference * difference
    cubes += difference * difference * difference
  }
  return cubes / (6 * squares ** 1.5)
}
