// Which steps of a grid to try to find the smallest one that succeeds, with few tries: several searches, round by round.

/** Steps that are tried, from 2^-10 to 2^10: powers of the square root of 2, to six digits. */
export const stepGrid: readonly number[] = Array.from({ length: 41 }, (_, index) =>
  Number((2 ** ((index - 20) / 2)).toPrecision(6)),
)

/** The scan goes up by a factor of 4 at a time, so many of them in one round. */
const STRIDE = 4
const SCANNED_TOGETHER = 3

/** What is known of one search. */
export interface StepSearch {
  /** Whether a step changes anything at all. */
  readonly changes: boolean
  /** Index of the grid -> how far the target's logit is below the largest, of the steps that failed. */
  readonly margins: Map<number, number>
  /** Smallest index known to succeed. */
  succeeded: number | null
}

export const newSearch = (changes: boolean): StepSearch => ({
  changes,
  margins: new Map(),
  succeeded: null,
})

/** One step of one search. */
export interface Trial<Search extends StepSearch> {
  readonly search: Search
  readonly place: number
}

export interface Outcome {
  readonly success: boolean
  readonly margin: number
}

/** Searches all at once, so that one call of the model tries many steps. */
export async function searchAll<Search extends StepSearch>(
  searches: readonly Search[],
  tryAll: (trials: readonly Trial<Search>[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  for (;;) {
    const trials = searches.flatMap((search) =>
      nextPlaces(search).map((place): Trial<Search> => ({ search, place })),
    )
    if (trials.length === 0) return
    const outcomes = await tryAll(trials)
    trials.forEach(({ search, place }, index) => note(search, place, outcomes[index] as Outcome))
  }
}

/** Places of the grid to try next: the middle of the gap, some up the scan, or those around the closest. */
function nextPlaces({ margins, succeeded, changes }: StepSearch): readonly number[] {
  const failed = [...margins.keys()]
  if (succeeded !== null) {
    const below = Math.max(-1, ...failed.filter((place) => place < succeeded))
    return succeeded - below > 1 ? [Math.floor((below + succeeded) / 2)] : []
  }
  if (!changes) return []
  const first = failed.length === 0 ? 0 : Math.max(...failed.filter(isScanned)) + STRIDE
  const scanned = Array.from({ length: SCANNED_TOGETHER }, (_, step) => first + step * STRIDE)
  const inside = scanned.filter(isInside)
  return inside.length > 0 ? inside : aroundClosest(margins)
}

const isScanned = (place: number): boolean => place % STRIDE === 0
const isInside = (place: number): boolean => place >= 0 && place < stepGrid.length

/** Untried places within one stride of the failure whose target came closest; none when they were tried. */
function aroundClosest(margins: ReadonlyMap<number, number>): readonly number[] {
  const scanned = [...margins].filter(([place]) => isScanned(place))
  const [closest] = scanned.reduce((best, one) => (one[1] > best[1] ? one : best))
  return Array.from({ length: 2 * STRIDE - 1 }, (_, step) => closest - STRIDE + 1 + step).filter(
    (place) => isInside(place) && !margins.has(place),
  )
}

function note(search: StepSearch, place: number, { success, margin }: Outcome): void {
  if (success) search.succeeded = Math.min(search.succeeded ?? place, place)
  else search.margins.set(place, Number.isNaN(margin) ? -Infinity : margin)
}
