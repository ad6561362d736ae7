'use client'
// Paired differences of one metric: size, interval and p of each pair; what is not significant says so.
import { useState } from 'react'
import { Choice } from '../../../components/choice'
import { PlotFrame, type PlotSize } from '../../figures/frame/plot-frame'
import {
  armLabels,
  columnsOf,
  differenceUnit,
  isControl,
  referenceArm,
  showDifference,
  showP,
  type Column,
  type Comparison,
} from '../comparison-model'
import type { FigureTable } from '../../lens/figures/figure-frame'
import { MetricChoice } from '../plots/metric-choice'
import type { PlotProps } from '../plots/trade-off'
import { placeIn } from '../table/table-model'
import { pairDomain, pairRows, type PairRow } from './difference-model'

const ROW = 30
const TOP = 26
const FEW = 10
const ALL = 'all'

interface DrawingProps {
  readonly rows: readonly PairRow[]
  readonly labels: ReadonlyMap<string, string>
  readonly column: Column
  readonly size: PlotSize
  /** Whether a row is any pair, or one method against the reference. */
  readonly pairs: boolean
  /** Arms that lie far away and would squeeze the others; their marks stay at the edge. */
  readonly controls: ReadonlySet<string>
}

interface Columns {
  readonly names: number
  readonly left: number
  readonly right: number
  readonly value: number
  readonly p: number
}

function columnsFor(width: number, pairs: boolean): Columns {
  const wide = width >= 480
  const names = pairs ? (wide ? 190 : 120) : wide ? 112 : 92
  const tail = wide ? 190 : 118
  return { names, left: names + 8, right: width - tail, value: width - tail + 48, p: width }
}

interface PairProps {
  readonly row: PairRow
  readonly index: number
  readonly at: Columns
  readonly x: (value: number | null) => number
  readonly names: readonly [string, string]
  readonly column: Column
  readonly wide: boolean
  readonly pairs: boolean
}

const clamp = (place: number): number => Math.min(1.04, Math.max(-0.04, place))

const short = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

function Pair({ row, index, at, x, names, column, wide, pairs }: PairProps) {
  const { difference: one } = row
  const middle = TOP + index * ROW + ROW / 2
  const letters = wide ? 13 : 8
  const p = one.adjustedP ?? one.p
  return (
    <g className="pair" data-significant={one.significant}>
      <title>{`${names.join(' minus ')}: ${showDifference(one.difference, column)} ${differenceUnit(column)}, ${showP(one.p)}, adjusted ${showP(one.adjustedP)}; ${one.significant ? 'significant' : 'not significant'}; n = ${one.n}`}</title>
      <text x={at.names} y={middle + 3.5} textAnchor="end" className="mono strong">
        {pairs ? `${short(names[0], letters)} − ${short(names[1], letters)}` : short(names[0], 16)}
      </text>
      {one.low !== null && one.high !== null && (
        <path
          className="pair-interval"
          d={`M${x(one.low)} ${middle}H${x(one.high)}M${x(one.low)} ${middle - 4}v8M${x(one.high)} ${middle - 4}v8`}
        />
      )}
      <circle className="pair-dot" cx={x(one.difference)} cy={middle} r={3.6} />
      <text x={at.value} y={middle + 3.5} textAnchor="end" className="strong pair-value">
        {showDifference(one.difference, column)}
      </text>
      <text x={at.p} y={middle + 3.5} textAnchor="end">
        {one.significant
          ? showP(p)
          : wide
            ? `not significant, ${showP(p).replace(' = ', ' ')}`
            : 'not signif.'}
      </text>
    </g>
  )
}

function Drawing({ rows, labels, column, size, pairs, controls }: DrawingProps) {
  const at = columnsFor(size.width, pairs)
  const domain = pairDomain(rows, controls)
  const height = TOP + rows.length * ROW + 6
  const x = (value: number | null) =>
    at.left + 8 + clamp(placeIn(domain, value) ?? 0) * (at.right - at.left - 16)
  return (
    <svg
      className="pairs"
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      role="img"
      aria-label={`Differences in ${column.label} of ${rows.length} pairs`}
    >
      <line className="axis" x1={x(0)} x2={x(0)} y1={TOP - 6} y2={height - 4} />
      <text x={x(0)} y={14} textAnchor="middle">
        {pairs ? 'no difference' : `as ${labels.get(rows[0]?.second ?? '') ?? 'the reference'}`}
      </text>
      {rows.map((row, index) => (
        <Pair
          key={`${row.first} ${row.second}`}
          {...{ row, index, at, x, column, pairs }}
          wide={size.width >= 480}
          names={[labels.get(row.first) ?? '', labels.get(row.second) ?? '']}
        />
      ))}
    </svg>
  )
}

function pairTable(
  rows: readonly PairRow[],
  labels: ReadonlyMap<string, string>,
  column: Column,
): FigureTable {
  const header = 'first second metric difference low high n p adjusted_p test significant'
  return {
    header: header.split(' '),
    rows: rows.map(({ first, second, difference: one }) => [
      labels.get(first),
      labels.get(second),
      column.name,
      ...[one.difference, one.low, one.high, one.n, one.p, one.adjustedP],
      one.test,
      one.significant,
    ]),
  }
}

/** The chosen metric, or the score, or the first. */
function shownColumn(columns: readonly Column[], metric: string | null): Column {
  const chosen = columns.find(({ name }) => name === metric)
  return chosen ?? columns.find(({ isScore }) => isScore) ?? columns[0]!
}

interface PairsChoiceProps {
  readonly comparison: Comparison
  readonly value: string
  readonly onChange: (value: string) => void
}

function PairsChoice({ comparison, value, onChange }: PairsChoiceProps) {
  const options = [
    { value: ALL, label: 'every pair' },
    ...comparison.arms.map(({ id, label }) => ({ value: id, label: `against ${label}` })),
  ]
  return <Choice caption="Pairs" value={value} options={options} onChange={onChange} />
}

export function DifferenceCard({ comparison, view, change }: PlotProps) {
  const [every, setEvery] = useState(false)
  const [more, setMore] = useState(false)
  const columns = columnsOf(comparison)
  const column = shownColumn(columns, view.metric)
  const labels = armLabels(comparison.arms)
  const controls = new Set(comparison.arms.filter(isControl).map(({ id }) => id))
  const reference = referenceArm(comparison, view.reference)
  const all = pairRows(comparison, column.name, every ? null : reference)
  const rows = more ? all : all.slice(0, FEW)
  const choose = (value: string) => {
    setEvery(value === ALL)
    if (value !== ALL) change({ reference: value })
  }
  return (
    <section className="card plot-card" data-testid="differences">
      <PlotFrame
        level="h2"
        title={
          <>
            Paired differences in <span className="plot-title">{column.label}</span>
          </>
        }
        name={`Paired differences in ${column.label}`}
        caption="On the cases both have; 95% bootstrap intervals, p adjusted for the number of pairs. Grey: not significant at 5%."
        fileName="differences"
        height={TOP + rows.length * ROW + 6}
        table={() => pairTable(all, labels, column)}
        controls={
          <>
            <MetricChoice
              caption="Metric"
              columns={columns}
              value={column.name}
              onChange={(metric) => change({ metric })}
            />
            <PairsChoice
              comparison={comparison}
              value={every ? ALL : reference}
              onChange={choose}
            />
            {all.length > FEW && (
              <button type="button" className="link" onClick={() => setMore(!more)}>
                {more ? `The first ${FEW}` : `All ${all.length}`}
              </button>
            )}
          </>
        }
        draw={
          all.length === 0
            ? null
            : (size) => (
                <Drawing {...{ rows, labels, column, size }} pairs={every} controls={controls} />
              )
        }
      />
    </section>
  )
}
