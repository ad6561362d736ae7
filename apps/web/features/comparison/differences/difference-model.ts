// Pairs of methods for one metric -> rows: those with the reference, or all, the largest differences first.
import { differenceOf, type Comparison, type SignedDifference } from '../comparison-model'

export interface PairRow {
  readonly first: string
  readonly second: string
  readonly difference: SignedDifference
}

/** Every pair once, turned so that the difference is not negative; against the reference it keeps its sign. */
export function pairRows(
  comparison: Comparison,
  metric: string,
  reference: string | null,
): readonly PairRow[] {
  const ids = comparison.arms.map(({ id }) => id)
  const pairs =
    reference === null
      ? ids.flatMap((first, at) => ids.slice(at + 1).map((second) => [first, second] as const))
      : ids.filter((id) => id !== reference).map((id) => [id, reference] as const)
  const rows = pairs.flatMap(([first, second]): PairRow[] => {
    const found = differenceOf(comparison.differences, metric, first, second)
    if (!found) return []
    const turn = reference === null && (found.difference ?? 0) < 0
    const turned = turn && differenceOf(comparison.differences, metric, second, first)
    return turned
      ? [{ first: second, second: first, difference: turned }]
      : [{ first, second, difference: found }]
  })
  return rows.toSorted((a, b) => (b.difference.difference ?? 0) - (a.difference.difference ?? 0))
}

/** A scale with zero in it and all ends of the intervals; those of pairs with controls only where there are no others. */
export function pairDomain(
  rows: readonly PairRow[],
  controls: ReadonlySet<string>,
): { readonly low: number; readonly high: number } {
  const edited = rows.filter(({ first, second }) => !controls.has(first) && !controls.has(second))
  const values = (edited.length > 0 ? edited : rows).flatMap(
    ({ difference: { low, high, difference } }) =>
      [low, high, difference].filter((value) => value !== null),
  )
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  return low === high ? { low: -1, high: 1 } : { low, high }
}
