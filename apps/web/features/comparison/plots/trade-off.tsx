'use client'
// Two metrics against each other: intervals as crosses, cost as area; pull a box over methods to choose them.
import { linearAxis } from '../../../components/linear-axis'
import { useMemo, type CSSProperties, type KeyboardEvent } from 'react'
import {
  ChartRegions,
  ChartTalkControls,
  useChartTalk,
  type ChartTalk,
} from '../../comments/chart/chart-talk'
import { regionIn } from '../../comments/chart/region-model'
import { PlotFrame, type PlotSize } from '../../figures/frame/plot-frame'
import type { FigureTable } from '../../lens/figures/figure-frame'
import { showNumber } from '../../lens/numbers'
import { tradeName } from '../chart-names'
import { chosenArms, chosenIn } from '../chosen'
import {
  armLabels,
  armTones,
  columnsOf,
  showMetric,
  type Column,
  type Comparison,
} from '../comparison-model'
import { toggled, type ComparisonView } from '../comparison-view'
import { armRows, publishedRows, roundDomain, uneditedRows } from '../table/table-model'
import type { ChangeView } from '../use-comparison-view'
import { AxisX, AxisY, frameOf, type PlotBox } from './axes'
import { inside } from './brush-model'
import { Brushed } from './brushed'
import { MetricChoice } from './metric-choice'
import {
  placeLabels,
  radiusOf,
  tradePoints,
  type PlacedLabel,
  type TradePoint,
} from './trade-off-model'
import { useBrush } from './use-brush'

const HEIGHT = 320
const MARGINS = { height: HEIGHT, left: 48, right: 16, top: 12, bottom: 36 }

export interface PlotProps {
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
}

const titleOf = ({ label, unit }: Column): string => (unit ? `${label}, ${unit}` : label)

const valuesOf = (points: readonly TradePoint[], axis: 'x' | 'y'): number[] =>
  points.flatMap((point) =>
    [point[axis].low, point[axis].mean, point[axis].high].filter((value) => value !== null),
  )

function useTrade({ comparison, view }: Pick<PlotProps, 'comparison' | 'view'>) {
  return useMemo(() => {
    const columns = columnsOf(comparison)
    const column = (name: string | null, place: number) =>
      columns.find((one) => one.name === name) ?? columns[Math.min(place, columns.length - 1)]!
    const [x, y] = [column(view.x, 1), column(view.y, 2)]
    const table = comparison.published.find(
      ({ id }) => id === (view.published ?? comparison.published[0]?.id),
    )
    const rows = [
      ...armRows(comparison, columns),
      ...uneditedRows(comparison, columns),
      ...(table ? publishedRows(table, comparison.arms, false) : []),
    ]
    const names = { labels: armLabels(comparison.arms), tones: armTones(comparison.arms) }
    return { columns, x, y, points: tradePoints(rows, x, y, names) }
  }, [comparison, view.x, view.y, view.published])
}

interface PointProps {
  readonly point: TradePoint
  readonly label: PlacedLabel
  readonly at: (point: TradePoint) => { readonly x: number; readonly y: number }
  readonly across: (value: number) => number
  readonly up: (value: number) => number
  readonly radius: number
  readonly chosen: boolean
  readonly onChoose: (() => void) | null
  readonly words: string
}

function Cross({ point, at, across, up }: Pick<PointProps, 'point' | 'at' | 'across' | 'up'>) {
  const { x, y } = at(point)
  return (
    <>
      {point.x.low !== null && point.x.high !== null && (
        <line className="cross" x1={across(point.x.low)} x2={across(point.x.high)} y1={y} y2={y} />
      )}
      {point.y.low !== null && point.y.high !== null && (
        <line className="cross" x1={x} x2={x} y1={up(point.y.low)} y2={up(point.y.high)} />
      )}
    </>
  )
}

function PointMark({ point, label, radius, chosen, onChoose, words, ...scales }: PointProps) {
  const { x, y } = scales.at(point)
  const choose = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onChoose?.()
  }
  return (
    <g
      className="trade-point"
      style={{ '--arm': point.tone } as CSSProperties}
      data-hollow={point.hollow || undefined}
      data-chosen={chosen || undefined}
      {...(onChoose && {
        role: 'button',
        tabIndex: 0,
        'aria-pressed': chosen,
        'aria-label': words,
        onClick: onChoose,
        onKeyDown: choose,
      })}
    >
      <title>{words}</title>
      {!point.hollow && <circle className="cost-area" cx={x} cy={y} r={radius} />}
      <Cross point={point} {...scales} />
      <circle className="dot" cx={x} cy={y} r={3.6} />
      <text x={label.x} y={label.y} textAnchor={label.anchor} className="mono strong">
        {point.label}
      </text>
    </g>
  )
}

interface DrawingProps extends PlotProps {
  readonly size: PlotSize
  readonly talk: ChartTalk | null
  readonly trade: ReturnType<typeof useTrade>
}

function wordsOf(point: TradePoint, x: Column, y: Column): string {
  const said = (column: Column, { mean, low, high }: TradePoint['x']) =>
    `${column.label} ${showMetric(mean, column)}` +
    (low === null || high === null
      ? ''
      : ` (${showMetric(low, column)} to ${showMetric(high, column)})`)
  const cost = point.seconds === null ? '' : `; ${showNumber(point.seconds, 2)} s per edit`
  return `${point.label}: ${said(x, point.x)}, ${said(y, point.y)}${cost}`
}

function TradeDrawing({ size, trade, view, change, talk }: DrawingProps) {
  const { points, x, y } = trade
  const box: PlotBox = { ...MARGINS, width: size.width }
  const [dx, dy] = [roundDomain(x, valuesOf(points, 'x')), roundDomain(y, valuesOf(points, 'y'))]
  const across = linearAxis([dx.low, dx.high], [box.left, box.width - box.right])
  const up = linearAxis([dy.low, dy.high], [HEIGHT - box.bottom, box.top])
  const at = (point: TradePoint) => ({ x: across(point.x.mean), y: up(point.y.mean) })
  const frame = frameOf(box)
  const most = Math.max(0, ...points.map(({ seconds }) => seconds ?? 0))
  const brush = useBrush(frame, (pulled) => {
    const within = points.filter((one) => !one.hollow && inside(at(one), pulled))
    const arms = within.map(({ id }) => id)
    change({ arms })
    talk?.pull(regionIn(pulled, across, up), chosenArms(arms))
  })
  const labels = placeLabels(
    points.map((one) => ({ ...at(one), text: one.label })),
    frame,
  )
  return (
    <svg
      className="trade-off"
      width={box.width}
      height={HEIGHT}
      viewBox={`0 0 ${box.width} ${HEIGHT}`}
      role={size.still ? 'img' : 'group'}
      aria-label={`${x.label} against ${y.label}, ${points.length} points`}
      {...(!size.still && brush.handlers)}
    >
      <AxisX box={box} scale={across} title={titleOf(x)} />
      <AxisY box={box} scale={up} title={titleOf(y)} />
      {points.map((point, index) => (
        <PointMark
          key={point.id}
          {...{ point, at, across, up }}
          label={labels[index]!}
          radius={radiusOf(point.seconds, most)}
          chosen={view.arms.includes(point.id)}
          words={wordsOf(point, x, y)}
          onChoose={
            size.still || point.hollow ? null : () => change({ arms: toggled(view.arms, point.id) })
          }
        />
      ))}
      {!size.still && <ChartRegions {...{ talk, across, up, frame }} />}
      <Brushed pulled={brush.pulled} />
    </svg>
  )
}

function tradeTable({ points, x, y }: ReturnType<typeof useTrade>): FigureTable {
  const ends = ({ name }: Column) => [name, `${name}_low`, `${name}_high`]
  return {
    header: ['method', ...ends(x), ...ends(y), 'seconds_per_edit'],
    rows: points.map((point) => [
      point.label,
      ...[point.x, point.y].flatMap(({ mean, low, high }) => [mean, low, high]),
      point.seconds,
    ]),
  }
}

export function TradeOff(props: PlotProps) {
  const { view, change } = props
  const trade = useTrade(props)
  const { columns, x, y } = trade
  const talk = useChartTalk(tradeName(x, y), chosenIn(view))
  return (
    <section className="card plot-card">
      <PlotFrame
        level="h2"
        title={
          <>
            <span className="plot-title">{x.label}</span> against{' '}
            <span className="plot-title">{y.label}</span>
          </>
        }
        name={`${x.label} against ${y.label}`}
        caption="95% intervals; the area is seconds per edit, hollow is not edited here. Pull a box to choose methods."
        fileName="trade-off"
        height={HEIGHT}
        table={() => tradeTable(trade)}
        controls={
          <>
            <MetricChoice
              caption="Across"
              columns={columns}
              value={x.name}
              onChange={(name) => change({ x: name })}
            />
            <MetricChoice
              caption="Up"
              columns={columns}
              value={y.name}
              onChange={(name) => change({ y: name })}
            />
            {view.arms.length > 0 && (
              <button type="button" className="link" onClick={() => change({ arms: [] })}>
                Let {view.arms.length} chosen go
              </button>
            )}
            <ChartTalkControls talk={talk} title={`${x.label} against ${y.label}`} />
          </>
        }
        draw={(size) => <TradeDrawing {...props} size={size} trade={trade} talk={talk} />}
      />
    </section>
  )
}
