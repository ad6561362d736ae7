// The type of a published table: what its plus-minus is, how many cases, and where it stands.
import type { MetricName, ProtocolName } from './protocols.js'

/** What stands behind the plus-minus: standard deviation over cases, or the half-width 1.96 SD / sqrt(n). */
export type PublishedSpread = 'sd' | 'ci95' | 'none'

/** A published mean and its plus-minus (null where the table gives none). */
export type PublishedCell = readonly [mean: number, spread: number | null]

export interface PublishedRow<P extends ProtocolName = ProtocolName> {
  readonly model: string
  /** As the table names it; `no-edit` is the unedited model. */
  readonly method: string
  readonly cells: Readonly<Partial<Record<MetricName<P>, PublishedCell>>>
}

export interface PublishedTable<P extends ProtocolName = ProtocolName> {
  readonly protocol: P
  readonly source: string
  readonly spread: PublishedSpread
  /** Cases, or null where the source does not say; `note` has what is odd about the table. */
  readonly cases: number | null
  readonly note: string
  readonly rows: readonly PublishedRow<P>[]
}

/** Names the columns of rows of cells. */
export function rowsOf<P extends ProtocolName>(
  columns: readonly MetricName<P>[],
  rows: readonly (readonly [model: string, method: string, ...PublishedCell[]])[],
): PublishedRow<P>[] {
  return rows.map(([model, method, ...cells]) => ({
    model,
    method,
    cells: Object.fromEntries(columns.map((column, place) => [column, cells[place]!])),
  })) as PublishedRow<P>[]
}
