// A comparison -> the means of one metric, relations by methods, and what is copied of them.
import { laneRegion, lanesOf, namedLane } from '../../comments/chart/region-model'
import { showNumber } from '../../lens/numbers'
import { armLabels, columnsOf, type Column, type Comparison } from '../comparison-model'
import { roundDomain, type Domain } from '../table/table-model'

export interface HeatRow {
  readonly relation: string
  readonly cases: number
  readonly means: readonly (number | null)[]
}

export interface Heat {
  readonly column: Column
  readonly columns: readonly Column[]
  readonly names: readonly string[]
  /** Places of the methods among all of the comparison. */
  readonly places: readonly number[]
  readonly rows: readonly HeatRow[]
  readonly domain: Domain
}

/** At most as many methods as can be told apart: the chosen ones, or the first. */
const MOST_METHODS = 8

export function heatOf(
  comparison: Comparison,
  metric: string | null,
  chosen: readonly string[],
): Heat {
  const columns = columnsOf(comparison)
  const column =
    columns.find(({ name }) => name === metric) ?? columns[Math.min(1, columns.length - 1)]!
  const labels = armLabels(comparison.arms)
  const arms = (
    chosen.length > 0 ? comparison.arms.filter(({ id }) => chosen.includes(id)) : comparison.arms
  ).slice(0, MOST_METHODS)
  const rows = comparison.relations.map(({ relation, cases, cells }) => {
    const means = new Map(
      cells.filter((cell) => cell.metric === column.name).map((cell) => [cell.armId, cell.mean]),
    )
    return { relation, cases, means: arms.map(({ id }) => means.get(id) ?? null) }
  })
  const values = rows.flatMap(({ means }) => means.filter((mean) => mean !== null))
  const domain = column.most === null ? roundDomain(column, values) : { low: 0, high: column.most }
  const names = arms.map(({ id }) => labels.get(id) ?? '')
  const places = arms.map((arm) => comparison.arms.indexOf(arm))
  return { column, columns, names, places, rows, domain }
}

export const heatTable = ({ names, rows }: Heat) => ({
  header: ['relation', 'cases', ...names],
  rows: rows.map((row) => [row.relation, row.cases, ...row.means]),
})

/** A mean in the room of a cell: whole percents, two digits of anything else. */
export const showBriefly = (mean: number, { most }: Pick<Column, 'most'>): string =>
  most === 100 ? mean.toFixed(0) : showNumber(mean, 2)

/** Between a region and the edge of its column. */
const LANE_EDGE = 0.04

/** A cell as a region: it goes by the name of its relation, as filters and running evaluations sort relations anew. */
export const cellRegion = ({ relation }: Pick<HeatRow, 'relation'>, place: number) =>
  laneRegion(place + LANE_EDGE, place + 1 - LANE_EDGE, namedLane(relation))

/** Where regions of these rows stand, in pixels from the top. */
export const relationLanes = (
  rows: readonly Pick<HeatRow, 'relation'>[],
  height: number,
  top: number,
) =>
  lanesOf(
    rows.map(({ relation }) => namedLane(relation)),
    height,
    top,
  )
