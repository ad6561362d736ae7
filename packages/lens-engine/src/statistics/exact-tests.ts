// Counts of paired binary outcomes -> exact McNemar; a family of p-values -> Holm's correction; a share -> Wilson's interval.
import { LensEngineError } from '../errors.js'
import type { Interval } from './interval.js'
import { normalQuantile } from './normal-distribution.js'

export interface McNemarResult {
  /** Cases where only the first method succeeds. */
  readonly firstOnly: number
  /** Cases where only the second method succeeds. */
  readonly secondOnly: number
  /** Two-sided exact p-value: twice the smaller binomial(firstOnly + secondOnly, 1/2) tail, at most 1. */
  readonly p: number
}

/**
 * Exact McNemar test (McNemar 1947, with the binomial distribution) from the discordant counts.
 * With no discordant case nothing was observed against equality: p = 1.
 */
export function exactMcNemar(firstOnly: number, secondOnly: number): McNemarResult {
  for (const count of [firstOnly, secondOnly]) requireCount(count, 'discordant cases')
  const trials = firstOnly + secondOnly
  const tail = binomialHalfCdf(Math.min(firstOnly, secondOnly), trials)
  return { firstOnly, secondOnly, p: Math.min(1, 2 * tail) }
}

/**
 * Holm's step-down correction (Holm 1979): sorted p-values times (m, m-1, ... 1), made monotone, at most 1.
 * @returns adjusted p-values in the order given; they control the family-wise error rate without assumptions.
 */
export function holmAdjust(pValues: readonly number[]): number[] {
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1)) {
      throw new LensEngineError('BAD_ARGUMENT', `a p-value is ${p}`, {
        details: { p },
        cure: 'Correct only p-values between 0 and 1; leave out pairs without a test.',
      })
    }
  }
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]! || a - b)
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  order.forEach((index, place) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - place) * pValues[index]!))
    adjusted[index] = largest
  })
  return adjusted
}

/** Wilson's score interval of a share (Wilson 1927): unlike the bootstrap it has a width at 0 % and 100 %. */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  requireCount(successes, 'successes')
  requireCount(trials, 'trials')
  if (trials === 0 || successes > trials) {
    throw new LensEngineError('BAD_ARGUMENT', `${successes} successes in ${trials} trials`, {
      details: { successes, trials },
      cure: 'Give at least one trial and no more successes than trials.',
    })
  }
  const z = normalQuantile(0.5 + level / 2)
  const share = successes / trials
  const scale = 1 + (z * z) / trials
  const centre = (share + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share) + (z * z) / (4 * trials)) / trials)
  return {
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  }
}

/** P(X <= k) for X ~ binomial(n, 1/2), by the ratio of neighbouring terms down from the largest one. */
function binomialHalfCdf(k: number, n: number): number {
  let logTerm = -n * Math.LN2
  for (let drawn = 1; drawn <= k; drawn++) logTerm += Math.log((n - drawn + 1) / drawn)
  let ratio = 1
  let sum = 1
  for (let drawn = k; drawn >= 1 && ratio > 1e-18 * sum; drawn--) {
    ratio *= drawn / (n - drawn + 1)
    sum += ratio
  }
  return Math.exp(logTerm) * sum
}

function requireCount(count: number, what: string): void {
  if (Number.isSafeInteger(count) && count >= 0) return
  throw new LensEngineError('BAD_ARGUMENT', `the number of ${what} is ${count}`, {
    details: { count },
    cure: 'Give a whole number, 0 or more.',
  })
}
