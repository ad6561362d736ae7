// Our estimates and a published table -> metric by metric the two means with their intervals, and whether they agree.
import type { MethodEstimate } from '../../statistics/method-table.js'
import type { PublishedCell, PublishedSpread, PublishedTable } from '../metrics/published-table.js'
import type { ReproductionPlan } from './reproduction-plan.js'

/** `none`: one of the two has no value. */
export type Agreement = 'agrees' | 'differs' | 'none'

export interface ComparedCell {
  readonly metric: string
  /** null: not available here. */
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number
  /** null: the table has no such cell. */
  readonly published: number | null
  /** The plus-minus as printed. */
  readonly spread: number | null
  /** Half of the 95% interval of the published mean, from its plus-minus and cases; null where that cannot be told. */
  readonly publishedHalfWidth: number | null
  readonly agreement: Agreement
}

export interface ComparedRow {
  /** Our arm. */
  readonly arm: string
  /** Method of the published row. */
  readonly published: string
  readonly note: string
  readonly cells: readonly ComparedCell[]
}

export interface ComparedTable {
  readonly source: string
  readonly model: string
  readonly spread: PublishedSpread
  readonly rows: readonly ComparedRow[]
}

/** What the plus-minus of a published table is, in words. */
export const spreadTexts: Readonly<Record<PublishedSpread, string>> = {
  sd: 'standard deviation over cases',
  ci95: 'half of the 95% interval, 1.96 SD / sqrt(n)',
  none: 'no plus-minus is given',
}

/**
 * Rows of the plan's arms beside the published ones. Two means agree where they are no further apart than the root of the
 * sum of the squares of their half-widths, ours on the side of the published one.
 */
export function compareWithPublished(
  plan: ReproductionPlan,
  estimates: readonly MethodEstimate[],
): readonly ComparedTable[] {
  return plan.published.map((table) => ({
    source: table.source,
    model: plan.publishedModel,
    spread: table.spread,
    rows: plan.arms.map(({ name, published, note }) => ({
      arm: name,
      published,
      note,
      cells: cellsOf(table, plan, published, estimatesOf(estimates, name)),
    })),
  }))
}

const estimatesOf = (estimates: readonly MethodEstimate[], arm: string) =>
  new Map(estimates.filter(({ method }) => method === arm).map((one) => [one.metric, one]))

function cellsOf(
  table: PublishedTable,
  { publishedModel, cases }: ReproductionPlan,
  method: string,
  own: ReadonlyMap<string, MethodEstimate>,
): readonly ComparedCell[] {
  const row = table.rows.find((one) => one.model === publishedModel && one.method === method)
  const cells = new Map(Object.entries<PublishedCell | undefined>(row?.cells ?? {}))
  const metrics = [...new Set([...cells.keys(), ...own.keys()])]
  return metrics.map((metric) => {
    const [published, spread] = cells.get(metric) ?? [null, null]
    const publishedHalfWidth = halfWidthOf(table.spread, spread, table.cases ?? cases)
    const { mean, low, high, n } = intervalOf(own.get(metric))
    // Equal values of all cases show no width; then as wide as the published spread would be over so many cases.
    const widening = Math.sqrt((table.cases ?? cases) / Math.max(1, n))
    const least = low === high ? (publishedHalfWidth ?? 0) * widening : 0
    const half = publishedHalfWidth ?? 0
    const agreement = agreementOf({ mean, low, high }, published, Math.hypot(half, least))
    return { metric, mean, low, high, n, published, spread, publishedHalfWidth, agreement }
  })
}

function halfWidthOf(spread: PublishedSpread, value: number | null, cases: number): number | null {
  if (value === null || spread === 'none') return null
  return spread === 'sd' ? (1.96 * value) / Math.sqrt(cases) : value
}

/** The bootstrap's interval; Wilson's where every case has the same value, so that resampling shows no width. */
function intervalOf(estimate: MethodEstimate | undefined) {
  if (estimate === undefined || estimate.mean === null) {
    return { mean: null, low: null, high: null, n: estimate?.n ?? 0 }
  }
  const { mean, n, interval, wilson } = estimate
  const shown = interval?.method === 'constant' && wilson !== null ? wilson : interval
  return { mean, n, low: shown?.low ?? null, high: shown?.high ?? null }
}

interface OwnInterval {
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
}

function agreementOf(
  { mean, low, high }: OwnInterval,
  published: number | null,
  publishedHalf: number,
): Agreement {
  if (mean === null || published === null) return 'none'
  const ownHalf = published < mean ? mean - (low ?? mean) : (high ?? mean) - mean
  return Math.abs(mean - published) <= Math.hypot(ownHalf, publishedHalf) ? 'agrees' : 'differs'
}
