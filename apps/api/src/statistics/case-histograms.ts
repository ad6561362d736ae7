// Columns of a table -> histograms of one and of two of them.
import { columnReader } from './case-filter.js'
import type { ColumnChoice } from './case-filter.js'
import type { CaseTable } from './case-table.js'

export interface Distribution {
  readonly armId: string
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

export interface Density {
  readonly xEdges: readonly number[]
  readonly yEdges: readonly number[]
  /** Only those with cases. */
  readonly cells: readonly { readonly x: number; readonly y: number; readonly count: number }[]
  readonly n: number
}

const bins = 30

/** One histogram an arm, all with the same edges. */
export function distributionsOf(
  table: CaseTable,
  chosen: Int32Array,
  armIds: readonly string[],
  metric: number,
): Distribution[] {
  const columns = armIds.map((armId) =>
    Float64Array.from(chosen, columnReader(table, { armId, metric, side: 'after' })),
  )
  const edges = edgesOf(columns, bins)
  return columns.map((column, index) => {
    const counts = new Array<number>(edges.length - 1).fill(0)
    for (const value of column) if (!Number.isNaN(value)) counts[binOf(edges, value)]!++
    return { armId: armIds[index] as string, edges, counts }
  })
}

/** Cases by two columns; those that lack one are not counted. */
export function densityOf(
  table: CaseTable,
  chosen: Int32Array,
  columns: { readonly x: ColumnChoice; readonly y: ColumnChoice },
  count: number,
): Density {
  const xs = Float64Array.from(chosen, columnReader(table, columns.x))
  const ys = Float64Array.from(chosen, columnReader(table, columns.y))
  const [xEdges, yEdges] = [edgesOf([xs], count), edgesOf([ys], count)]
  const cells = new Map<number, number>()
  let n = 0
  xs.forEach((x, index) => {
    const y = ys[index] as number
    if (Number.isNaN(x) || Number.isNaN(y)) return
    n++
    const key = binOf(xEdges, x) * count + binOf(yEdges, y)
    cells.set(key, (cells.get(key) ?? 0) + 1)
  })
  const toCell = ([key, found]: [number, number]) => ({
    ...{ x: Math.floor(key / count), y: key % count, count: found },
  })
  return { xEdges, yEdges, cells: [...cells].map(toCell), n }
}

/** Equal steps from the least to the largest value; a width of 1 where all are equal. */
function edgesOf(columns: readonly Float64Array[], count: number): readonly number[] {
  let [low, high] = [Infinity, -Infinity]
  for (const column of columns) {
    for (const value of column) {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) [low, high] = [0, 1]
  if (low === high) [low, high] = [low - 0.5, high + 0.5]
  return Array.from({ length: count + 1 }, (_, index) =>
    index === count ? high : low + ((high - low) * index) / count,
  )
}

/** Bins are closed below and open above, the last one closed on both sides. */
function binOf(edges: readonly number[], value: number): number {
  const last = edges.length - 2
  const [low, high] = [edges[0] as number, edges[last + 1] as number]
  let bin = Math.min(last, Math.max(0, Math.floor(((value - low) / (high - low)) * (last + 1))))
  // The division may round across an edge.
  if (value < (edges[bin] as number)) bin--
  else if (bin < last && value >= (edges[bin + 1] as number)) bin++
  return bin
}
