// The standard normal distribution in float64: density, distribution function and its inverse.

const SQRT_2PI = Math.sqrt(2 * Math.PI)

/** Density of the standard normal at x. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_2PI
}

/** P(Z <= x) for a standard normal Z; relative error below 1e-13, also in the tails. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN
  const magnitude = Math.abs(x)
  if (magnitude > 38.6) return x < 0 ? 0 : 1
  if (magnitude < 3) return 0.5 + normalDensity(x) * oddSeries(x)
  const tail = upperTail(magnitude)
  return x < 0 ? tail : 1 - tail
}

/** The x with P(Z <= x) = p, for p in [0, 1]; -Infinity and Infinity at the ends, NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  if (p > 0.5) return -normalQuantile(1 - p)
  let x = roughLowerQuantile(p)
  // Halley's rule on the distribution function: each step triples the correct digits of the rough value.
  for (let step = 0; step < 3; step++) {
    const newton = (normalCdf(x) - p) / normalDensity(x)
    x -= newton / (1 + 0.5 * x * newton)
  }
  return x
}

/** x + x^3/3 + x^5/(3*5) + ...: the distribution function over the density, less a half (Marsaglia 2004). */
function oddSeries(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return sum
}

/** P(Z > x) for x >= 3: Laplace's continued fraction 1/(x + 1/(x + 2/(x + ...))), from its far end. */
function upperTail(x: number): number {
  let fraction = x
  for (let depth = 120; depth >= 1; depth--) fraction = x + depth / fraction
  return normalDensity(x) / fraction
}

/** Abramowitz and Stegun 26.2.23, absolute error 4.5e-4, for p in (0, 0.5]. */
function roughLowerQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return numerator / denominator - t
}
