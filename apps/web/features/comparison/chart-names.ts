// The charts of a comparison <-> their names, by which comments find them: a name says what the axes show.
import { namedLane } from '../comments/chart/region-model'
import { armLabels, columnsOf, type Column, type Comparison } from './comparison-model'
import type { ComparisonView } from './comparison-view'

/** UTF-16 units: what the API stores. */
const LONGEST = 100

type Named = Pick<Column, 'name'>

export const tradeName = (x: Named, y: Named): string => `${x.name} against ${y.name}`

export const relationsName = ({ name }: Named): string => `${name} by relation`

export const spreadName = ({ name }: Named): string => `cases by ${name}`

/** Names that are cut keep apart by a number. */
function shortened(label: string, room: number): string {
  if (label.length <= room) return label
  const end = `…${namedLane(label).toString(36)}`
  // Not in the middle of a pair of surrogates.
  return label.slice(0, room - end.length).replace(/[\uD800-\uDBFF]$/, '') + end
}

/** Of two methods by their labels; those that are too long together are cut. */
export function densityName(column: Named, labels: readonly [string, string]): string {
  const begin = `${spreadName(column)}: `
  const between = ' against '
  const whole = begin + labels.join(between)
  if (whole.length <= LONGEST) return whole
  const room = Math.floor((LONGEST - begin.length - between.length) / 2)
  return begin + labels.map((label) => shortened(label, room)).join(between)
}

type Place = Partial<ComparisonView>

const together = (columns: readonly Column[]) =>
  columns.flatMap((x) => columns.map((y) => ({ x, y })))

function placeOfDensity({ arms }: Comparison, column: Column, chart: string): Place | null {
  if (!chart.startsWith(`${spreadName(column)}: `)) return null
  const labels = armLabels(arms)
  for (const { id: first } of arms)
    for (const { id: second } of arms)
      if (densityName(column, [labels.get(first) ?? '', labels.get(second) ?? '']) === chart)
        return { metric: column.name, spread: 'density', densityArms: [first, second] }
  return null
}

function placeOfSpread(comparison: Comparison, column: Column, chart: string): Place | null {
  if (chart === spreadName(column)) return { metric: column.name, spread: 'distributions' }
  return placeOfDensity(comparison, column, chart)
}

/** What the view must show for the chart to be there; null where no chart has this name. */
export function placeOfChart(comparison: Comparison, chart: string): Place | null {
  const columns = columnsOf(comparison)
  const traded = together(columns).find(({ x, y }) => tradeName(x, y) === chart)
  if (traded) return { x: traded.x.name, y: traded.y.name }
  const related = columns.find((column) => relationsName(column) === chart)
  if (related) return { metric: related.name }
  for (const column of columns.filter(({ isScore }) => !isScore)) {
    const place = placeOfSpread(comparison, column, chart)
    if (place) return place
  }
  return null
}

/** The chart that an address names; null for none. */
export function chartInHash(hash: string): string | null {
  try {
    return decodeURIComponent(hash.replace(/^#/, '')) || null
  } catch {
    return null
  }
}
