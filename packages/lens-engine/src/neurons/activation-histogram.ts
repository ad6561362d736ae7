// Numbers that come one by one -> a histogram of twelve bins of each neuron, without knowing their range beforehand.

/** Bins of each neuron. */
export const HISTOGRAM_BINS = 12
const FIRST_EXPONENT = -24

/** Bin i of a neuron counts values in [(low + i) w, (low + i + 1) w) with w = 2^exponent. */
export interface Histograms {
  readonly exponent: Int16Array
  /** The lowest bin that counted anything, in widths from 0; NaN before the first value. */
  readonly low: Float64Array
  /** [neurons, HISTOGRAM_BINS] */
  readonly counts: Uint32Array
}

export const emptyHistograms = (neurons: number): Histograms => ({
  exponent: new Int16Array(neurons).fill(FIRST_EXPONENT),
  low: new Float64Array(neurons).fill(NaN),
  counts: new Uint32Array(neurons * HISTOGRAM_BINS),
})

/**
 * Counts a value. A bin's edges are multiples of its width, and the width doubles until all values have a bin: the result
 * depends on the smallest and the largest value alone, not on the order.
 */
export function countValue(histograms: Histograms, neuron: number, value: number): void {
  const { exponent, low, counts } = histograms
  const start = neuron * HISTOGRAM_BINS
  // A sum with 0 is never -0.
  let bin = Math.floor(value / 2 ** (exponent[neuron] as number)) + 0
  if (Number.isNaN(low[neuron])) low[neuron] = bin
  let offset = bin - (low[neuron] as number)
  while (offset < 0 || offset >= HISTOGRAM_BINS) {
    if (offset < 0 && highest(counts, start) - offset < HISTOGRAM_BINS) {
      counts.copyWithin(start - offset, start, start + HISTOGRAM_BINS + offset)
      counts.fill(0, start, start - offset)
      low[neuron] = bin
    } else {
      halve(histograms, neuron)
      bin = Math.floor(bin / 2)
    }
    offset = bin - (low[neuron] as number)
  }
  counts[start + offset] = (counts[start + offset] as number) + 1
}

/** Place of the last bin that counted anything. */
function highest(counts: Uint32Array, start: number): number {
  for (let bin = HISTOGRAM_BINS - 1; bin > 0; bin--) if (counts[start + bin] !== 0) return bin
  return 0
}

/** Twice the width: each two neighbours become one. */
function halve({ exponent, low, counts }: Histograms, neuron: number): void {
  const start = neuron * HISTOGRAM_BINS
  const before = counts.slice(start, start + HISTOGRAM_BINS)
  const lowBefore = low[neuron] as number
  const lowNow = Math.floor(lowBefore / 2)
  counts.fill(0, start, start + HISTOGRAM_BINS)
  before.forEach((count, bin) => {
    const place = start + Math.floor((lowBefore + bin) / 2) - lowNow
    counts[place] = (counts[place] as number) + count
  })
  low[neuron] = lowNow
  exponent[neuron] = (exponent[neuron] as number) + 1
}
