// Labels and tags that several people gave to the same things -> how far they agree.

export interface Rating {
  readonly item: string
  readonly annotator: string
  /** Compared as it is. */
  readonly label: string
  readonly tags: readonly string[]
}

export interface PairAgreement {
  readonly first: string
  readonly second: string
  readonly items: number
  readonly exact: number
  readonly kappa: number | null
  readonly tagOverlap: number | null
}

/** The ratings of each item that at least two annotators rated; a second rating by the same one replaces the first. */
export function sharedItems(ratings: Iterable<Rating>): Rating[][] {
  const items = new Map<string, Map<string, Rating>>()
  for (const rating of ratings) {
    const byAnnotator = items.get(rating.item) ?? new Map<string, Rating>()
    items.set(rating.item, byAnnotator.set(rating.annotator, rating))
  }
  return [...items.values()].filter(({ size }) => size > 1).map((one) => [...one.values()])
}

class PairTally {
  items = 0
  same = 0
  overlap = 0
  tagged = 0
  readonly first = new Map<string, number>()
  readonly second = new Map<string, number>()

  add(first: Rating, second: Rating): void {
    this.items += 1
    if (first.label === second.label) this.same += 1
    count(this.first, first.label)
    count(this.second, second.label)
    const jaccard = jaccardOf(first.tags, second.tags)
    if (jaccard === null) return
    this.tagged += 1
    this.overlap += jaccard
  }
}

/** All pairs of annotators who share an item, the one with most items first. */
export function pairAgreements(items: readonly (readonly Rating[])[]): PairAgreement[] {
  const tallies = new Map<string, Map<string, PairTally>>()
  for (const ratings of items) {
    const ordered = ratings.toSorted((a, b) => (a.annotator < b.annotator ? -1 : 1))
    ordered.forEach((first, index) => {
      for (const second of ordered.slice(index + 1)) {
        const others = tallies.get(first.annotator) ?? new Map<string, PairTally>()
        tallies.set(first.annotator, others)
        const tally = others.get(second.annotator) ?? new PairTally()
        others.set(second.annotator, tally)
        tally.add(first, second)
      }
    })
  }
  return [...tallies]
    .flatMap(([first, others]) =>
      [...others].map(([second, tally]) => ({ first, second, ...readTally(tally) })),
    )
    .sort((a, b) => b.items - a.items || (a.first + a.second < b.first + b.second ? -1 : 1))
}

function readTally(tally: PairTally): Omit<PairAgreement, 'first' | 'second'> {
  const { items, same, tagged, overlap } = tally
  return {
    items,
    exact: same / items,
    kappa: cohensKappa(tally),
    tagOverlap: tagged === 0 ? null : overlap / tagged,
  }
}

/**
 * (p_o - p_e) / (1 - p_e), where p_e is the agreement of two people who keep their own frequencies but choose by chance;
 * null where both only ever gave one and the same label (Cohen 1960).
 */
function cohensKappa({ items, same, first, second }: PairTally): number | null {
  let byChance = 0
  for (const [label, times] of first) byChance += times * (second.get(label) ?? 0)
  const square = items * items
  return byChance === square ? null : (same * items - byChance) / (square - byChance)
}

/**
 * Krippendorff's alpha for nominal labels, 1 - D_o / D_e over the coincidence matrix; any number of annotators, any of whom
 * may have left items out (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"). Null where only one label was
 * ever given, or nothing is shared.
 */
export function krippendorffAlpha(items: readonly (readonly Rating[])[]): number | null {
  const totals = new Map<string, number>()
  let values = 0
  let agreeing = 0
  for (const ratings of items) {
    const here = new Map<string, number>()
    for (const { label } of ratings) count(here, label)
    for (const [label, times] of here) {
      totals.set(label, (totals.get(label) ?? 0) + times)
      agreeing += (times * (times - 1)) / (ratings.length - 1)
    }
    values += ratings.length
  }
  let byChance = 0
  for (const times of totals.values()) byChance += times * (times - 1)
  const expected = values * (values - 1) - byChance
  return expected <= 0 ? null : 1 - ((values - agreeing) * (values - 1)) / expected
}

/** Shared tags over all tags of both; null where neither has one. */
function jaccardOf(first: readonly string[], second: readonly string[]): number | null {
  const all = new Set([...first, ...second])
  if (all.size === 0) return null
  const mine = new Set(first)
  return new Set(second.filter((tag) => mine.has(tag))).size / all.size
}

function count(counts: Map<string, number>, label: string): void {
  counts.set(label, (counts.get(label) ?? 0) + 1)
}
