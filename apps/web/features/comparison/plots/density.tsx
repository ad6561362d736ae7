'use client'
// Two methods case by case: how many cases lie where; pull a box to see them.
import { scaleLinear } from 'd3-scale'
import { useQuery } from 'urql'
import { CaseDensityDocument, type CaseDensityQuery } from '../../../graphql/generated/graphql'
import type { PlotSize } from '../../figures/frame/plot-frame'
import { toneOf, type Theme } from '../../lens/colour-scale'
import { armLabels, type Column, type Comparison } from '../comparison-model'
import { withRange, type ComparisonView } from '../comparison-view'
import { comparisonInput, type ComparedIds } from '../use-comparison'
import type { ChangeView } from '../use-comparison-view'
import { AxisX, AxisY, frameOf, type PlotBox } from './axes'
import { snapToEdges } from './brush-model'
import { Brushed } from './brushed'
import { useBrush } from './use-brush'

export type Density = CaseDensityQuery['caseDensity']

const BINS = 40

/** The two methods of the plot: the chosen, or the first two. */
export function densityPair(
  comparison: Comparison,
  view: ComparisonView,
): readonly [string, string] {
  const known = new Set(comparison.arms.map(({ id }) => id))
  if (view.densityArms?.every((id) => known.has(id))) return view.densityArms
  const first = view.arms.filter((id) => known.has(id))
  const ids = [...first, ...comparison.arms.map(({ id }) => id).filter((id) => !first.includes(id))]
  return [ids[0] ?? '', ids[1] ?? ids[0] ?? '']
}

export function useDensity(
  ids: ComparedIds,
  view: ComparisonView,
  pair: readonly [string, string],
  column: Column,
  pause: boolean,
) {
  const [{ data, error }] = useQuery({
    query: CaseDensityDocument,
    variables: {
      input: comparisonInput(ids, view),
      x: { armId: pair[0], metric: column.name },
      y: { armId: pair[1], metric: column.name },
      bins: BINS,
    },
    pause: pause || column.isScore || pair[0] === pair[1],
  })
  return { density: data?.caseDensity ?? null, error }
}

interface DrawingProps {
  readonly density: Density
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
  readonly pair: readonly [string, string]
  readonly column: Column
  readonly size: PlotSize
  readonly height: number
}

const ends = (edges: readonly number[]): readonly [number, number] => [
  edges[0] ?? 0,
  edges.at(-1) ?? 1,
]

interface CellsProps {
  readonly density: Density
  readonly across: (value: number) => number
  readonly up: (value: number) => number
  readonly theme: Theme
}

function Cells({ density: { xEdges, yEdges, cells }, across, up, theme }: CellsProps) {
  const most = Math.log1p(Math.max(1, ...cells.map(({ count }) => count)))
  return cells.map(({ x, y, count }) => {
    const [left, right] = [across(xEdges[x] ?? 0), across(xEdges[x + 1] ?? 0)]
    const [top, bottom] = [up(yEdges[y + 1] ?? 0), up(yEdges[y] ?? 0)]
    return (
      <rect
        key={`${x} ${y}`}
        x={left}
        y={top}
        width={Math.max(1, right - left - 0.5)}
        height={Math.max(1, bottom - top - 0.5)}
        rx={1}
        fill={toneOf(theme, 0.22 + 0.78 * (Math.log1p(count) / most)).background}
      >
        <title>{`${count} cases`}</title>
      </rect>
    )
  })
}

export function DensityDrawing({
  density,
  comparison,
  view,
  change,
  pair,
  column,
  size,
  height,
}: DrawingProps) {
  const { xEdges, yEdges } = density
  const box: PlotBox = { width: size.width, height, left: 48, right: 16, top: 10, bottom: 36 }
  const across = scaleLinear(ends(xEdges), [box.left, box.width - box.right])
  const up = scaleLinear(ends(yEdges), [height - box.bottom, box.top])
  const labels = armLabels(comparison.arms)
  const names = pair.map((id) => labels.get(id) ?? '')
  const brush = useBrush(frameOf(box), (pulled) => {
    const x = snapToEdges(across.invert(pulled.left), across.invert(pulled.right), xEdges)
    const y = snapToEdges(up.invert(pulled.bottom), up.invert(pulled.top), yEdges)
    if (!x || !y) return
    const range = (armId: string, [min, max]: readonly [number, number]) =>
      ({ armId, metric: column.name, min, max, side: 'AFTER' }) as const
    change({ filter: withRange(withRange(view.filter, range(pair[0], x)), range(pair[1], y)) })
  })
  const low = Math.max(ends(xEdges)[0], ends(yEdges)[0])
  const high = Math.min(ends(xEdges)[1], ends(yEdges)[1])
  return (
    <svg
      className="density"
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      role="img"
      aria-label={`${column.label} of ${names.join(' and ')}, ${density.n} cases`}
      {...(!size.still && brush.handlers)}
    >
      <AxisX box={box} scale={across} title={`${column.label}, ${names[0]}`} />
      <AxisY box={box} scale={up} title={names[1] ?? ''} />
      <line
        className="axis diagonal"
        x1={across(low)}
        y1={up(low)}
        x2={across(high)}
        y2={up(high)}
      />
      <Cells density={density} across={across} up={up} theme={size.theme} />
      <Brushed pulled={brush.pulled} />
    </svg>
  )
}
