// Values of a sample -> its interval: bias-corrected and accelerated (BCa) bootstrap, and the forms published tables use.
import { normalCdf, normalQuantile } from './normal-distribution.js'
import { OrderedSample } from './ordered-sample.js'

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
  /** The statistic of every resample. */
  readonly replicates: OrderedSample
  /** The statistic without case i, for each i. */
  readonly leaveOneOut: Float64Array
}

/**
 * BCa interval (Efron 1987; Efron and Tibshirani 1993, equations 14.9 to 14.15), quantiles interpolated linearly between
 * order statistics and ties of a replicate with the estimate counted half, as in `scipy.stats.bootstrap`.
 * Falls back to the percentile interval where the acceleration is not defined or every replicate lies on one side.
 */
export function bcaInterval(
  { estimate, replicates, leaveOneOut }: BootstrapSample,
  level: number,
): BootstrapInterval {
  const { low, high, length } = replicates
  if (low === high) return { low, high, method: 'constant' }
  const tail = (1 - level) / 2
  const { below, atMost } = replicates.rankOf(estimate)
  const bias = normalQuantile((below + atMost) / (2 * length))
  const acceleration = accelerationOf(leaveOneOut)
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) {
    return {
      low: replicates.quantile(tail),
      high: replicates.quantile(1 - tail),
      method: 'percentile',
    }
  }
  const adjusted = (p: number): number => {
    const shifted = bias + normalQuantile(p)
    return normalCdf(bias + shifted / (1 - acceleration * shifted))
  }
  return {
    low: replicates.quantile(adjusted(tail)),
    high: replicates.quantile(adjusted(1 - tail)),
    method: 'bca',
  }
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
