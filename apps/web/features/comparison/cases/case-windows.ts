// Rows of a long table, fetched a window at a time: which windows a stretch needs, and the rows that are there.
import type { CaseRow } from './case-columns'

export const WINDOW = 100

export interface Windows {
  readonly total: number | null
  readonly rows: ReadonlyMap<number, readonly CaseRow[]>
}

export const EMPTY_WINDOWS: Windows = { total: null, rows: new Map() }

/** Indexes of the windows that hold rows `first` to `last` (both included) of `total`. */
export function windowsOf(first: number, last: number, total: number): readonly number[] {
  if (total === 0) return []
  const end = Math.floor(Math.min(last, total - 1) / WINDOW)
  const start = Math.min(Math.floor(Math.max(0, first) / WINDOW), end)
  return Array.from({ length: end - start + 1 }, (_, index) => start + index)
}

export function addRows(
  windows: Windows,
  index: number,
  rows: readonly CaseRow[],
  total: number,
): Windows {
  return { total, rows: new Map(windows.rows).set(index, rows) }
}

export function rowAt({ rows }: Windows, place: number): CaseRow | null {
  return rows.get(Math.floor(place / WINDOW))?.[place % WINDOW] ?? null
}

/** The places of the rows before and after the one with this place, as far as they are there. */
export function neighboursOf(
  windows: Windows,
  place: number,
): { readonly previous: number | null; readonly next: number | null } {
  for (const [index, rows] of windows.rows) {
    const at = rows.findIndex((row) => row.place === place)
    if (at < 0) continue
    const row = index * WINDOW + at
    return {
      previous: row > 0 ? (rowAt(windows, row - 1)?.place ?? null) : null,
      next: rowAt(windows, row + 1)?.place ?? null,
    }
  }
  return { previous: null, next: null }
}
