// Arms and published rows -> the points of the trade-off plot: where, how sure, how dear; labels that do not cover each other.
import type { Column } from '../comparison-model'
import type { CellValue, ReferenceRow, TableRow } from '../table/table-model'

export interface TradePoint {
  readonly id: string
  readonly label: string
  readonly tone: string
  readonly hollow: boolean
  readonly x: CellValue & { readonly mean: number }
  readonly y: CellValue & { readonly mean: number }
  readonly seconds: number | null
}

type Known = CellValue & { readonly mean: number }

const known = (cell: CellValue | undefined): cell is Known =>
  cell !== undefined && cell.mean !== null && Number.isFinite(cell.mean)

interface Names {
  readonly labels: ReadonlyMap<string, string>
  readonly tones: ReadonlyMap<string, string>
}

const referenceLabel = (row: ReferenceRow): string =>
  row.kind === 'unedited' ? `unedited ${row.detail}` : `${row.label}, ${row.detail}`

/** Rows that have both metrics. */
export function tradePoints(
  rows: readonly TableRow[],
  x: Column,
  y: Column,
  { labels, tones }: Names,
): readonly TradePoint[] {
  return rows.flatMap((row) => {
    const [across, up] = [row.cells.get(x.name), row.cells.get(y.name)]
    if (!known(across) || !known(up)) return []
    const arm = row.kind === 'arm' ? row.arm : null
    return [
      {
        id: row.id,
        label: row.kind === 'arm' ? (labels.get(row.id) ?? row.arm.label) : referenceLabel(row),
        tone: tones.get(row.id) ?? 'var(--faint)',
        hollow: row.kind !== 'arm',
        x: across,
        y: up,
        seconds: arm?.secondsPerEdit ?? null,
      },
    ]
  })
}

const DOT = 3.4
const MOST_RADIUS = 20

/** The area is the seconds of an edit, of the dearest the largest; what would be smaller than the dot is as large. */
export function radiusOf(seconds: number | null, most: number): number {
  return seconds === null || most <= 0
    ? DOT
    : Math.max(DOT, MOST_RADIUS * Math.sqrt(seconds / most))
}

export interface PlacedLabel {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end' | 'middle'
}

interface LabelSpot {
  readonly x: number
  readonly y: number
  readonly text: string
}

interface Rect {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const LETTER = 6.4
const LINE = 12
const SPOTS: ReadonlyArray<readonly [dx: number, dy: number, anchor: PlacedLabel['anchor']]> = [
  [9, 13, 'start'],
  [9, -6, 'start'],
  [-9, 13, 'end'],
  [-9, -6, 'end'],
  [0, -12, 'middle'],
  [0, 20, 'middle'],
  [12, 26, 'start'],
  [12, -20, 'start'],
  [-12, 26, 'end'],
  [-12, -20, 'end'],
  [12, 40, 'start'],
  [12, -34, 'start'],
]

function rectOf(spot: LabelSpot, [dx, dy, anchor]: (typeof SPOTS)[number]): Rect {
  const width = spot.text.length * LETTER
  const start = anchor === 'start' ? 0 : anchor === 'end' ? -width : -width / 2
  const left = spot.x + dx + start
  return { left, right: left + width, top: spot.y + dy - LINE + 2, bottom: spot.y + dy + 2 }
}

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

const outside = (rect: Rect, frame: Rect): number =>
  Math.max(0, frame.left - rect.left) +
  Math.max(0, rect.right - frame.right) +
  Math.max(0, frame.top - rect.top) +
  Math.max(0, rect.bottom - frame.bottom)

/** Each label where it covers the least of the labels and dots before it. */
export function placeLabels(spots: readonly LabelSpot[], frame: Rect): readonly PlacedLabel[] {
  const dots = spots.map(({ x, y }): Rect => ({
    left: x - 6,
    right: x + 6,
    top: y - 6,
    bottom: y + 6,
  }))
  const taken: Rect[] = []
  return spots.map((spot) => {
    const costs = SPOTS.map((offset, index) => {
      const rect = rectOf(spot, offset)
      const covered = [...taken, ...dots].reduce((sum, one) => sum + overlap(rect, one), 0)
      return covered + outside(rect, frame) * 50 + index * 3
    })
    const [dx, dy, anchor] = SPOTS[costs.indexOf(Math.min(...costs))] ?? [9, 13, 'start']
    taken.push(rectOf(spot, [dx, dy, anchor]))
    return { x: spot.x + dx, y: spot.y + dy, anchor }
  })
}
