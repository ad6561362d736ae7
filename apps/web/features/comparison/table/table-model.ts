// A comparison -> the rows of its table: edited arms, unedited models, published rows; their order, and a scale for every column.
import {
  estimateIndex,
  isControl,
  type Arm,
  type Column,
  type Comparison,
  type PublishedTable,
} from '../comparison-model'
import type { Sorting } from '../comparison-view'

export interface CellValue {
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number | null
  readonly missing: number
  readonly sd: number | null
  readonly wilson: readonly [number, number] | null
  readonly note: string | null
}

export interface ArmRow {
  readonly kind: 'arm'
  readonly id: string
  readonly arm: Arm
  readonly cells: ReadonlyMap<string, CellValue>
}

export interface ReferenceRow {
  readonly kind: 'unedited' | 'published'
  readonly id: string
  readonly label: string
  readonly detail: string
  readonly cells: ReadonlyMap<string, CellValue>
}

export type TableRow = ArmRow | ReferenceRow

type Estimates = Comparison['estimates']

function cellsOf(estimates: Estimates, armId: string, columns: readonly Column[]) {
  const index = estimateIndex(estimates)
  return new Map(
    columns.flatMap(({ name }) => {
      const one = index.get(`${armId} ${name}`)
      if (!one) return []
      const { mean, n, missing, sd, note, wilsonLow, wilsonHigh } = one
      const wilson =
        wilsonLow === null || wilsonHigh === null ? null : ([wilsonLow, wilsonHigh] as const)
      // Resamples of equal values are equal: an interval of them would look as if it were sure.
      const [low, high] = wilson && one.low === one.high ? wilson : [one.low, one.high]
      return [[name, { mean, low, high, n, missing, sd, note, wilson }] as const]
    }),
  )
}

export function armRows(comparison: Comparison, columns: readonly Column[]): readonly ArmRow[] {
  return comparison.arms.map((arm) => ({
    kind: 'arm',
    id: arm.id,
    arm,
    cells: cellsOf(comparison.estimates, arm.id, columns),
  }))
}

/** One row for every unedited model; `before` names each by the first arm on it. */
export function uneditedRows(
  comparison: Comparison,
  columns: readonly Column[],
): readonly ReferenceRow[] {
  const ids = [...new Set(comparison.before.map(({ armId }) => armId))]
  return ids.flatMap((id) => {
    const arm = comparison.arms.find((one) => one.id === id)
    if (!arm) return []
    return [
      {
        kind: 'unedited' as const,
        id: `unedited ${id}`,
        label: 'unedited',
        detail: arm.modelName,
        cells: cellsOf(comparison.before, id, columns),
      },
    ]
  })
}

export const SPREADS: Readonly<Record<string, string>> = {
  sd: '± is the standard deviation over cases',
  ci95: '± is half a 95% interval',
  none: 'no spread was published',
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Published rows of methods that are compared here; all of them where none is. */
export function publishedRows(
  table: PublishedTable,
  arms: readonly Arm[],
  all: boolean,
): readonly ReferenceRow[] {
  const here = new Set(
    arms.flatMap(({ method, methodTitle }) => [plain(method), plain(methodTitle)]),
  )
  const known = table.rows.filter(({ method }) => here.has(plain(method)))
  const rows = all || known.length === 0 ? table.rows : known
  const interval = table.spread === 'ci95'
  return rows.map((row) => ({
    kind: 'published',
    id: `published ${table.id} ${row.model} ${row.method}`,
    label: row.method,
    detail: row.model,
    cells: new Map(
      row.cells.map(({ metric, mean, spread }) => {
        const half = interval ? spread : null
        const note = spread === null ? null : `± ${spread}; ${SPREADS[table.spread] ?? ''}`
        return [
          metric,
          {
            mean,
            low: half === null ? null : mean - half,
            high: half === null ? null : mean + half,
            n: table.cases,
            missing: 0,
            sd: table.spread === 'sd' ? spread : null,
            wilson: null,
            note,
          },
        ]
      }),
    ),
  }))
}

function sortValue(row: ArmRow, by: string): number | string | null {
  if (by === 'name') return row.arm.label
  if (by === 'seconds') return row.arm.secondsPerEdit
  if (by === 'bytes') return row.arm.peakBytes
  if (by === 'n') return row.arm.n
  return row.cells.get(by)?.mean ?? null
}

/** Rows without a value stand last, whichever way the others go. */
export function sortRows(rows: readonly ArmRow[], sort: Sorting | null): readonly ArmRow[] {
  if (sort === null) return rows
  const sign = sort.descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [one, other] = [sortValue(a, sort.by), sortValue(b, sort.by)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'string' || typeof other === 'string')
      return sign * String(one).localeCompare(String(other))
    return sign * (one - other)
  })
}

export interface Domain {
  readonly low: number
  readonly high: number
}

const LEAST_SPAN = 0.08

function roundStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span))
  return ([1, 2, 5, 10].find((step) => step * power >= span / 5) ?? 10) * power
}

/** From below the least to above the most, on round numbers, never wider than the metric. */
export function roundDomain(column: Column, values: readonly number[]): Domain {
  if (values.length === 0) return { low: 0, high: column.most ?? 1 }
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const size = column.most ?? Math.max(Math.abs(least), Math.abs(most), 1e-9)
  const span = Math.max(most - least, size * LEAST_SPAN)
  const step = roundStep(span)
  const middle = (least + most) / 2
  const low = Math.floor(Math.min(least, middle - span / 2) / step) * step
  const high = Math.ceil(Math.max(most, middle + span / 2) / step) * step
  return {
    low: column.most === null ? low : Math.max(0, low),
    high: column.most === null ? high : Math.min(column.most, high),
  }
}

/** The scale of a column: the intervals of its edited arms; controls may lie beyond. */
export function domainOf(column: Column, rows: readonly ArmRow[]): Domain {
  const edited = rows.filter(({ arm }) => !isControl(arm))
  const values = (edited.length > 0 ? edited : rows).flatMap(({ cells }) => {
    const cell = cells.get(column.name)
    return [cell?.low, cell?.mean, cell?.high].filter(
      (value): value is number => typeof value === 'number' && Number.isFinite(value),
    )
  })
  return roundDomain(column, values)
}

/** 0..1 along a domain; null where there is nothing to draw. */
export function placeIn({ low, high }: Domain, value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : (value - low) / (high - low || 1)
}
