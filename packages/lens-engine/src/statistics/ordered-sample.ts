// Numbers -> their order statistics, without sorting all of them: values are counted in equal ranges, and only the range that
// holds a wanted place is sorted. The same numbers as from a sorted copy.

const RANGES = 1024

export class OrderedSample {
  readonly low: number
  readonly high: number
  readonly length: number
  readonly #values: Float64Array
  readonly #scale: number
  /** The range of each value. */
  readonly #ranges: Uint16Array
  /** Values in all ranges before each. */
  readonly #before = new Uint32Array(RANGES + 1)
  readonly #sorted = new Map<number, Float64Array>()

  /** @param values at least one; NaN stands after all others, as a sort puts it */
  constructor(values: Float64Array) {
    this.#values = values
    this.length = values.length
    const { low, high } = extremes(values)
    this.low = low
    this.high = high
    this.#scale = Number.isFinite(high - low) ? RANGES / (high - low) : 0
    this.#ranges = rangesOf(values, low, this.#scale)
    countBefore(this.#ranges, this.#before)
  }

  /** Number of values below, and at most, another one. */
  rankOf(value: number): { readonly below: number; readonly atMost: number } {
    const { length } = this
    if (!(value >= this.low)) return { below: 0, atMost: 0 }
    if (value > this.high) return { below: length, atMost: length }
    const range = rangeOf(value, this.low, this.#scale)
    let [below, atMost] = [this.#before[range]!, this.#before[range]!]
    for (const one of this.#inRange(range)) {
      if (one < value) below++
      if (one <= value) atMost++
    }
    return { below, atMost }
  }

  /** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, numpy's default). */
  quantile(p: number): number {
    const last = this.length - 1
    const place = p * last
    const below = Math.floor(place)
    const above = Math.min(below + 1, last)
    return this.#at(below) + (place - below) * (this.#at(above) - this.#at(below))
  }

  #at(place: number): number {
    if (!(place >= 0 && place < this.length)) return NaN
    const range = this.#rangeAt(place)
    return this.#inRange(range)[place - this.#before[range]!]!
  }

  #rangeAt(place: number): number {
    let [low, high] = [0, RANGES - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#before[middle + 1]! <= place) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Its values, ascending. */
  #inRange(range: number): Float64Array {
    const known = this.#sorted.get(range)
    if (known !== undefined) return known
    const found = new Float64Array(this.#before[range + 1]! - this.#before[range]!)
    const ranges = this.#ranges
    let count = 0
    for (let index = 0; index < ranges.length; index++) {
      if (ranges[index] === range) found[count++] = this.#values[index]!
    }
    this.#sorted.set(range, found.sort())
    return found
  }
}

/** Never smaller for a larger value: rounding keeps the order of differences and of their products. */
function rangeOf(value: number, low: number, scale: number): number {
  const range = (value - low) * scale
  return range < RANGES ? range | 0 : RANGES - 1
}

function rangesOf(values: Float64Array, low: number, scale: number): Uint16Array {
  const ranges = new Uint16Array(values.length)
  for (let index = 0; index < ranges.length; index++) {
    ranges[index] = rangeOf(values[index]!, low, scale)
  }
  return ranges
}

function countBefore(ranges: Uint16Array, before: Uint32Array): void {
  for (let index = 0; index < ranges.length; index++) before[ranges[index]! + 1]!++
  for (let range = 0; range < RANGES; range++) before[range + 1]! += before[range]!
}

/** NaN counts as larger than any number. */
function extremes(values: Float64Array): { readonly low: number; readonly high: number } {
  let [low, high, missing] = [NaN, NaN, false]
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (Number.isNaN(value)) missing = true
    else {
      if (!(value >= low)) low = value
      if (!(value <= high)) high = value
    }
  }
  return { low, high: missing ? NaN : high }
}
