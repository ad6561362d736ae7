// Numbers of an axis -> pixels and back, with round numbers to mark it by. Small, for pages that need no other kind of scale.
type Pair = readonly [number, number]

export interface LinearAxis {
  (value: number): number
  readonly invert: (pixel: number) => number
  /** Multiples of 1, 2 or 5 times a power of ten inside the domain, about `count` of them. */
  readonly ticks: (count?: number) => number[]
}

/** An axis without extent puts everything in its middle. */
const between = ([from, to]: Pair, [low, high]: Pair, value: number): number =>
  low + (high - low) * (to === from ? 0.5 : (value - from) / (to - from))

function stepOf(span: number, count: number): readonly [factor: number, power: number] {
  const least = span / count
  const power = Math.floor(Math.log10(least))
  const error = least / 10 ** power
  if (error >= Math.sqrt(50)) return [1, power + 1]
  return [error >= Math.sqrt(10) ? 5 : error >= Math.sqrt(2) ? 2 : 1, power]
}

function roundNumbers(low: number, high: number, count: number): number[] {
  if (!(high > low)) return high === low ? [low] : []
  const [factor, power] = stepOf(high - low, count)
  // Steps below one are divided by, so that 3 tenths are 0.3.
  const scaled = power < 0 ? 10 ** -power / factor : 1 / (factor * 10 ** power)
  const valueOf = (step: number) => (power < 0 ? step / scaled : step * factor * 10 ** power)
  let first = Math.round(low * scaled)
  let last = Math.round(high * scaled)
  if (valueOf(first) < low) first += 1
  if (valueOf(last) > high) last -= 1
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => valueOf(first + at))
}

export function linearAxis(domain: Pair, range: Pair): LinearAxis {
  const [low, high] = [Math.min(...domain), Math.max(...domain)]
  return Object.assign((value: number) => between(domain, range, value), {
    invert: (pixel: number) => between(range, domain, pixel),
    ticks: (count = 10) => roundNumbers(low, high, count),
  })
}
