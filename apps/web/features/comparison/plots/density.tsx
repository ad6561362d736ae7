'use client'
// Two methods case by case: how many cases lie where; pull a box, or choose a place, to see them.
import { linearAxis } from '../../../components/linear-axis'
import type { KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { CaseDensityDocument, type CaseDensityQuery } from '../../../graphql/generated/graphql'
import { ChartRegions, type ChartTalk } from '../../comments/chart/chart-talk'
import type { PlotSize } from '../../figures/frame/plot-frame'
import { toneOf } from '../../lens/colour-scale'
import { chosenCases } from '../chosen'
import { armLabels, showMetric, type Column, type Comparison } from '../comparison-model'
import { withRange, type ComparisonView } from '../comparison-view'
import { moveToNearest } from '../number-notes'
import { comparisonInput, type ComparedIds } from '../comparison-input'
import type { ChangeView } from '../use-comparison-view'
import { AxisX, AxisY, frameOf, type PlotBox } from './axes'
import { rangeOfBins, snapToEdges } from './brush-model'
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
  readonly talk: ChartTalk | null
}

const ends = (edges: readonly number[]): readonly [number, number] => [
  edges[0] ?? 0,
  edges.at(-1) ?? 1,
]

type Stretch = readonly [number, number]

interface CellsProps {
  readonly density: Density
  readonly across: (value: number) => number
  readonly up: (value: number) => number
  readonly names: readonly string[]
  readonly column: Column
  readonly size: PlotSize
  readonly onChoose: (x: Stretch, y: Stretch) => void
}

function cellWords({ names, column }: CellsProps, count: number, x: Stretch, y: Stretch): string {
  const said = (name: string | undefined, [from, to]: Stretch) =>
    `${name} ${showMetric(from, column)} to ${showMetric(to, column)}`
  return `${count} cases: ${said(names[0], x)}, ${said(names[1], y)}`
}

function Cells(props: CellsProps) {
  const { density, across, up, size, onChoose } = props
  const { xEdges, yEdges, cells } = density
  const most = Math.log1p(Math.max(1, ...cells.map(({ count }) => count)))
  return cells.map(({ x, y, count }, index) => {
    const xs = [xEdges[x] ?? 0, xEdges[x + 1] ?? 0] as const
    const ys = [yEdges[y] ?? 0, yEdges[y + 1] ?? 0] as const
    const words = cellWords(props, count, xs, ys)
    return (
      <rect
        key={`${x} ${y}`}
        className="density-cell"
        x={across(xs[0])}
        y={up(ys[1])}
        width={Math.max(1, across(xs[1]) - across(xs[0]) - 0.5)}
        height={Math.max(1, up(ys[0]) - up(ys[1]) - 0.5)}
        rx={1}
        fill={toneOf(size.theme, 0.22 + 0.78 * (Math.log1p(count) / most)).background}
        {...(!size.still && {
          role: 'button',
          tabIndex: index === 0 ? 0 : -1,
          'data-row': -y,
          'data-column': x,
          'aria-label': `${words}. Show them.`,
          onClick: () => onChoose(xs, ys),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return
            event.preventDefault()
            onChoose(xs, ys)
          },
        })}
      >
        <title>{words}</title>
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
  talk,
}: DrawingProps) {
  const { xEdges, yEdges } = density
  const box: PlotBox = { width: size.width, height, left: 48, right: 16, top: 10, bottom: 36 }
  const across = linearAxis(ends(xEdges), [box.left, box.width - box.right])
  const up = linearAxis(ends(yEdges), [height - box.bottom, box.top])
  const labels = armLabels(comparison.arms)
  const names = pair.map((id) => labels.get(id) ?? '')
  const frame = frameOf(box)
  const choose = (x: Stretch, y: Stretch) => {
    const range = (armId: string, bins: Stretch, edges: readonly number[]) =>
      ({ armId, metric: column.name, ...rangeOfBins(bins, edges), side: 'AFTER' }) as const
    const ranges = [range(pair[0], x, xEdges), range(pair[1], y, yEdges)]
    change({ filter: ranges.reduce(withRange, view.filter) })
    talk?.pull([x[0], y[0], x[1], y[1]], chosenCases({ ranges }))
  }
  const brush = useBrush(frame, (pulled) => {
    const x = snapToEdges(across.invert(pulled.left), across.invert(pulled.right), xEdges)
    const y = snapToEdges(up.invert(pulled.bottom), up.invert(pulled.top), yEdges)
    if (x && y) choose(x, y)
  })
  const low = Math.max(ends(xEdges)[0], ends(yEdges)[0])
  const high = Math.min(ends(xEdges)[1], ends(yEdges)[1])
  return (
    <svg
      className="density"
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      role={size.still ? 'img' : 'group'}
      aria-label={`${column.label} of ${names.join(' and ')}, ${density.n} cases`}
      onKeyDown={moveToNearest}
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
      <Cells {...{ density, across, up, names, column }} size={size} onChoose={choose} />
      {!size.still && <ChartRegions {...{ talk, across, up, frame }} />}
      <Brushed pulled={brush.pulled} />
    </svg>
  )
}
