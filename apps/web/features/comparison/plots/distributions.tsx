'use client'
// How a metric spreads over the cases: a histogram for every method on one axis; pull over a stretch, or choose a bar, to see its cases.
import { linearAxis } from '../../../components/linear-axis'
import type { CSSProperties, KeyboardEvent, MouseEvent } from 'react'
import { useQuery } from 'urql'
import { MetricDistributionsDocument } from '../../../graphql/generated/graphql'
import { ChartRegions, type ChartTalk } from '../../comments/chart/chart-talk'
import { laneRegion, lanesOf } from '../../comments/chart/region-model'
import type { PlotSize } from '../../figures/frame/plot-frame'
import { chosenCases } from '../chosen'
import { armLabels, armTones, showMetric, type Arm, type Column } from '../comparison-model'
import { withRange, type RangeFilter } from '../comparison-view'
import { moveBetweenCells } from '../number-notes'
import { comparisonInput, type ComparedIds } from '../comparison-input'
import { AxisX, type PlotBox } from './axes'
import { binsBetween, rangeOfBins, snapToEdges } from './brush-model'
import type { PlotProps } from './trade-off'
import { useBrush } from './use-brush'

export const ROW_HEIGHT = 54
export const AXIS_HEIGHT = 36
export const MOST_ROWS = 6

export interface Histogram {
  readonly arm: Arm
  readonly label: string
  readonly tone: string
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** Of the chosen methods, or of the first; each with its colour. */
export function useHistograms(
  ids: ComparedIds,
  { comparison, view }: Pick<PlotProps, 'comparison' | 'view'>,
  column: Column,
  pause: boolean,
) {
  const [{ data, error }] = useQuery({
    query: MetricDistributionsDocument,
    variables: { input: comparisonInput(ids, view), metric: column.name },
    pause: pause || column.isScore,
  })
  const tones = armTones(comparison.arms)
  const labels = armLabels(comparison.arms)
  const wanted =
    view.arms.length > 0
      ? comparison.arms.filter(({ id }) => view.arms.includes(id))
      : comparison.arms
  const found = new Map(
    data?.caseDistributions
      .filter(({ metric }) => metric === column.name)
      .map((one) => [one.armId, one]),
  )
  const histograms = wanted.slice(0, MOST_ROWS).flatMap((arm): Histogram[] => {
    const one = found.get(arm.id)
    if (!one) return []
    const { edges, counts } = one
    return [
      { arm, edges, counts, label: labels.get(arm.id) ?? arm.label, tone: tones.get(arm.id) ?? '' },
    ]
  })
  return { histograms, error, asked: data !== undefined }
}

interface RowProps {
  readonly histogram: Histogram
  readonly index: number
  readonly column: Column
  readonly box: PlotBox
  readonly most: number
  readonly range: RangeFilter | undefined
  readonly still: boolean
  readonly onRange: (low: number, high: number) => void
}

function binWords(
  { histogram, column }: Pick<RowProps, 'histogram' | 'column'>,
  bin: number,
): string {
  const [from, to] = [histogram.edges[bin] ?? 0, histogram.edges[bin + 1] ?? 0]
  const count = histogram.counts[bin] ?? 0
  return `${histogram.label}: ${count.toLocaleString('en-US')} cases with ${column.label} ${showMetric(from, column)} to ${showMetric(to, column)}`
}

function Bins({ histogram, index, column, box, most, range, still, onRange }: RowProps) {
  const { edges, counts } = histogram
  const scale = linearAxis([edges[0] ?? 0, edges.at(-1) ?? 1], [box.left, box.width - box.right])
  const [from, to] = range ? binsBetween(range.min, range.max, edges) : [0, counts.length]
  const take = (bin: number, further: boolean) => {
    const extend = further && range
    onRange(
      Math.min(edges[bin] ?? 0, extend ? (range.min ?? Infinity) : Infinity),
      Math.max(edges[bin + 1] ?? 0, extend ? (range.max ?? -Infinity) : -Infinity),
    )
  }
  return counts.map((count, bin) => {
    const x = scale(edges[bin] ?? 0)
    const height = most > 0 ? Math.sqrt(count / most) * (ROW_HEIGHT - 20) : 0
    return (
      <g
        key={bin}
        className="bin"
        data-out={bin < from || bin >= to || undefined}
        {...(!still && {
          role: 'button',
          tabIndex: index === 0 && bin === 0 ? 0 : -1,
          'data-row': index,
          'data-column': bin,
          'aria-label': `${binWords({ histogram, column }, bin)}. Show them.`,
          onClick: (event: MouseEvent) => take(bin, event.shiftKey),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return
            event.preventDefault()
            take(bin, event.shiftKey)
          },
        })}
      >
        <title>{binWords({ histogram, column }, bin)}</title>
        <rect
          className="bin-room"
          x={x}
          y={4}
          width={Math.max(1, scale(edges[bin + 1] ?? 0) - x)}
          height={ROW_HEIGHT - 8}
        />
        <rect
          className="bin-bar"
          x={x + 0.5}
          y={ROW_HEIGHT - 6 - height}
          width={Math.max(1, scale(edges[bin + 1] ?? 0) - x - 1)}
          height={count > 0 ? Math.max(1.5, height) : 0}
        />
      </g>
    )
  })
}

function HistogramRow(props: RowProps) {
  const { histogram, index, box, still, onRange } = props
  const { edges } = histogram
  const top = index * ROW_HEIGHT
  const frame = { left: box.left, right: box.width - box.right, top: 0, bottom: box.height }
  const scale = linearAxis([edges[0] ?? 0, edges.at(-1) ?? 1], [frame.left, frame.right])
  const brush = useBrush(frame, (pulled) => {
    const snapped = snapToEdges(scale.invert(pulled.left), scale.invert(pulled.right), edges)
    if (snapped) onRange(...snapped)
  })
  return (
    <svg
      x={0}
      y={top}
      width={box.width}
      height={ROW_HEIGHT}
      style={{ '--arm': histogram.tone } as CSSProperties}
      className="histogram"
      {...(!still && brush.handlers)}
    >
      <rect className="bin-room" x={0} y={0} width={box.width} height={ROW_HEIGHT} />
      <text x={box.left - 10} y={ROW_HEIGHT / 2 + 6} textAnchor="end" className="mono strong">
        <title>{histogram.label}</title>
        {histogram.label.length > 16 ? `${histogram.label.slice(0, 15)}…` : histogram.label}
      </text>
      <line
        className="axis"
        x1={box.left}
        x2={frame.right}
        y1={ROW_HEIGHT - 6}
        y2={ROW_HEIGHT - 6}
      />
      <Bins {...props} />
      {brush.pulled && (
        <rect
          className="brush"
          x={brush.pulled.left}
          width={brush.pulled.right - brush.pulled.left}
          y={2}
          height={ROW_HEIGHT - 6}
        />
      )}
    </svg>
  )
}

interface DistributionsProps extends PlotProps {
  readonly histograms: readonly Histogram[]
  readonly column: Column
  readonly size: PlotSize
  readonly talk: ChartTalk | null
}

const boxOf = (width: number, height: number): PlotBox => ({
  width,
  height,
  left: Math.min(124, width * 0.3),
  right: 14,
  top: 0,
  bottom: AXIS_HEIGHT,
})

export function DistributionsDrawing(props: DistributionsProps) {
  const { histograms, column, size, comparison, view, change, talk } = props
  const height = histograms.length * ROW_HEIGHT + AXIS_HEIGHT
  const box = boxOf(size.width, height)
  const most = Math.max(1, ...histograms.flatMap(({ counts }) => counts))
  const edges = histograms[0]?.edges ?? [0, 1]
  const scale = linearAxis([edges[0] ?? 0, edges.at(-1) ?? 1], [box.left, box.width - box.right])
  // A region keeps to the method, wherever its row stands.
  const placeOf = (armId: string) => comparison.arms.findIndex(({ id }) => id === armId)
  const up = lanesOf(
    histograms.map(({ arm }) => placeOf(arm.id)),
    ROW_HEIGHT,
  )
  const choose = (armId: string, from: number, to: number) => {
    const taken = rangeOfBins([from, to], edges)
    const range: RangeFilter = { armId, metric: column.name, ...taken, side: 'AFTER' }
    change({ filter: withRange(view.filter, range) })
    talk?.pull(laneRegion(from, to, placeOf(armId)), chosenCases({ ranges: [range] }))
  }
  const rangeOf = (armId: string) =>
    view.filter.ranges.find(
      (one) => one.armId === armId && one.metric === column.name && one.side === 'AFTER',
    )
  return (
    <svg
      className="distributions"
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      role={size.still ? 'img' : 'group'}
      aria-label={`Cases by ${column.label}, ${histograms.length} methods`}
      onKeyDown={moveBetweenCells}
    >
      {histograms.map((histogram, index) => (
        <HistogramRow
          key={histogram.arm.id}
          {...{ histogram, index, column, box, most }}
          range={rangeOf(histogram.arm.id)}
          still={size.still}
          onRange={(from, to) => choose(histogram.arm.id, from, to)}
        />
      ))}
      {!size.still && (
        <ChartRegions
          {...{ talk, up }}
          across={scale}
          frame={{ left: box.left, right: box.width - box.right, top: 0, bottom: height }}
        />
      )}
      <AxisX
        box={box}
        scale={scale}
        rules={false}
        title={column.unit ? `${column.label}, ${column.unit}` : column.label}
      />
    </svg>
  )
}
