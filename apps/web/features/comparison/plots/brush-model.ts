// A rectangle pulled over a plot -> ranges of its axes, snapped to the plot and to bins.
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Pull {
  readonly from: Point
  readonly to: Point
}

const LEAST_PULL = 4

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/** The pulled rectangle inside the box; null for a click. */
export function pulledBox({ from, to }: Pull, box: Box): Box | null {
  if (Math.abs(from.x - to.x) < LEAST_PULL && Math.abs(from.y - to.y) < LEAST_PULL) return null
  return {
    left: clamp(Math.min(from.x, to.x), box.left, box.right),
    right: clamp(Math.max(from.x, to.x), box.left, box.right),
    top: clamp(Math.min(from.y, to.y), box.top, box.bottom),
    bottom: clamp(Math.max(from.y, to.y), box.top, box.bottom),
  }
}

/** A pointer that is pressed, moved and let go. */
export class Gesture {
  #pull: Pull | null = null
  #endedPull = false

  press(from: Point): Pull {
    this.#endedPull = false
    return (this.#pull = { from, to: from })
  }

  move(to: Point): Pull | null {
    return this.#pull && (this.#pull = { from: this.#pull.from, to })
  }

  /** @returns what was pulled; null for a click */
  release(box: Box): Box | null {
    const pulled = this.#pull && pulledBox(this.#pull, box)
    this.#pull = null
    this.#endedPull = pulled !== null
    return pulled
  }

  cancel(): void {
    this.#pull = null
    this.#endedPull = false
  }

  /** Whether a click is one: a browser sends one at the end of a pull too. */
  takesClick(): boolean {
    return !this.#endedPull
  }
}

export const inside = ({ x, y }: Point, box: Box): boolean =>
  x >= box.left && x <= box.right && y >= box.top && y <= box.bottom

/** The edges around a stretch of values: whole bins, so that what is counted is what is listed. */
export function snapToEdges(
  low: number,
  high: number,
  edges: readonly number[],
): readonly [number, number] | null {
  const first = edges[0]
  const last = edges.at(-1)
  if (first === undefined || last === undefined || high < first || low > last) return null
  const from = edges.findLast((edge) => edge <= low) ?? first
  const to = edges.find((edge) => edge >= high && edge > from) ?? last
  return [from, to]
}

const justBelow = (value: number): number =>
  value === 0 ? -Number.MIN_VALUE : value - Math.abs(value) * Number.EPSILON

/**
 * Whole bins as a range, whose ends belong to it: a value on an inner edge is counted in the bin above, so a range ends just
 * below that edge.
 */
export function rangeOfBins(
  [low, high]: readonly [number, number],
  edges: readonly number[],
): { readonly min: number; readonly max: number } {
  const isInner = high !== edges.at(-1) && edges.includes(high)
  return { min: low, max: isInner ? justBelow(high) : high }
}

/** Where every edge bounds a bin of `x` pixels, the bins between two values, as indexes (end exclusive). */
export function binsBetween(
  low: number | null,
  high: number | null,
  edges: readonly number[],
): readonly [number, number] {
  const count = Math.max(0, edges.length - 1)
  const slack = 1e-9 * Math.max(1, ...edges.map(Math.abs))
  const from = low === null ? 0 : edges.findIndex((edge) => edge >= low - slack)
  const to = high === null ? count : edges.findLastIndex((edge) => edge <= high + slack)
  return [from < 0 ? count : Math.min(from, count), clamp(to, 0, count)]
}
