'use client'
// Relations by methods for one metric; a click shows the cases of that relation.
import { useMemo, useState } from 'react'
import {
  ChartRegions,
  ChartTalkControls,
  useChartTalk,
  type ChartTalk,
} from '../../comments/chart/chart-talk'
import { lanesOf } from '../../comments/chart/region-model'
import { PlotFrame, type PlotSize } from '../../figures/frame/plot-frame'
import { toneOf } from '../../lens/colour-scale'
import { relationsName } from '../chart-names'
import { chosenCases, chosenIn } from '../chosen'
import { showMetric } from '../comparison-model'
import { toggled } from '../comparison-view'
import { moveBetweenCells } from '../number-notes'
import { placeIn } from '../table/table-model'
import { MetricChoice } from './metric-choice'
import {
  cellRegion,
  heatOf,
  heatTable,
  relationLanes,
  showBriefly,
  type Heat,
  type HeatRow,
} from './relation-heat'
import type { PlotProps } from './trade-off'

const ROW = 26
const TOP = 24
/** Room for names that stand aslant. */
const ASLANT_TOP = 74
const LEAST_UPRIGHT = 56
const FEW = 12
const NUMBERS = 48

function showRelation(relation: string, room: number): string {
  const most = Math.floor(room / 6.2)
  return relation.length > most ? `${relation.slice(0, Math.max(1, most - 1))}…` : relation
}

interface DrawingProps {
  readonly heat: Heat
  readonly rows: readonly HeatRow[]
  readonly size: PlotSize
  readonly chosen: readonly string[]
  readonly onChoose: (row: number, place: number) => void
  readonly talk: ChartTalk | null
}

/** Methods across as lanes too, so that a region keeps to its methods. */
function acrossOf(places: readonly number[], left: number, width: number) {
  const lanes = lanesOf(places, width, left)
  return (value: number) => lanes(-value)
}

function Heading({
  names,
  left,
  width,
}: {
  readonly names: readonly string[]
  readonly left: number
  readonly width: number
}) {
  const aslant = width < LEAST_UPRIGHT
  return names.map((name, index) => {
    const x = left + (index + 0.5) * width
    return (
      <text
        key={index}
        className="mono"
        textAnchor={aslant ? 'start' : 'middle'}
        transform={
          aslant ? `translate(${x - 2} ${ASLANT_TOP - 6}) rotate(-48)` : `translate(${x} 14)`
        }
      >
        <title>{name}</title>
        {showRelation(name, aslant ? 84 : width - 4)}
      </text>
    )
  })
}

function Drawing({ heat, rows, size, chosen, onChoose, talk }: DrawingProps) {
  const left = Math.min(150, size.width * 0.34)
  const width = (size.width - left - NUMBERS) / Math.max(1, heat.names.length)
  const top = width < LEAST_UPRIGHT ? ASLANT_TOP : TOP
  const height = top + rows.length * ROW
  return (
    <svg
      className="heatmap"
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      role={size.still ? 'img' : 'group'}
      aria-label={`${heat.column.label} of ${rows.length} relations by ${heat.names.length} methods`}
      onKeyDown={moveBetweenCells}
    >
      <Heading names={heat.names} left={left} width={width} />
      <text x={size.width - NUMBERS + 10} y={top - 8}>
        n
      </text>
      {rows.map((row, index) => (
        <g
          key={row.relation}
          transform={`translate(0 ${top + index * ROW})`}
          data-chosen={chosen.includes(row.relation) || undefined}
        >
          <text x={left - 8} y={ROW / 2 + 3} textAnchor="end" className="strong">
            <title>{row.relation}</title>
            {showRelation(row.relation, left - 12)}
          </text>
          {row.means.map((mean, place) => (
            <HeatCell
              key={place}
              {...{ heat, row, mean, index, place, onChoose, still: size.still }}
              x={left + place * width}
              width={width - 2}
              tone={toneOf(size.theme, placeIn(heat.domain, mean) ?? 0)}
            />
          ))}
          <text x={size.width - NUMBERS + 10} y={ROW / 2 + 3}>
            {row.cases.toLocaleString('en-US')}
          </text>
        </g>
      ))}
      {!size.still && (
        <ChartRegions
          talk={talk}
          across={acrossOf(heat.places, left, width)}
          up={relationLanes(rows, ROW, top)}
          frame={{ left, right: size.width - NUMBERS, top, bottom: height }}
        />
      )}
    </svg>
  )
}

interface HeatCellProps {
  readonly heat: Heat
  readonly row: HeatRow
  readonly mean: number | null
  readonly index: number
  readonly place: number
  readonly x: number
  readonly width: number
  readonly tone: { readonly background: string; readonly ink: string }
  readonly still: boolean
  readonly onChoose: (row: number, place: number) => void
}

function HeatCell({
  heat,
  row,
  mean,
  index,
  place,
  x,
  width,
  tone,
  still,
  onChoose,
}: HeatCellProps) {
  const words = `${heat.names[place]}, ${row.relation}: ${heat.column.label} ${showMetric(mean, heat.column)}`
  return (
    <g
      className="heat-cell"
      {...(!still && {
        role: 'button',
        tabIndex: index === 0 && place === 0 ? 0 : -1,
        'data-row': index,
        'data-column': place,
        'aria-label': `${words}. Show its cases.`,
        onClick: () => onChoose(index, place),
        onKeyDown: (event: React.KeyboardEvent) => {
          if (event.key === 'Enter' || event.key === ' ') onChoose(index, place)
        },
      })}
    >
      <title>{words}</title>
      <rect
        x={x}
        y={1}
        width={Math.max(1, width)}
        height={ROW - 2}
        rx={3}
        fill={mean === null ? 'none' : tone.background}
        data-empty={mean === null || undefined}
      />
      {width > 24 && (
        <text
          x={x + width / 2}
          y={ROW / 2 + 3.5}
          textAnchor="middle"
          style={{ fill: mean === null ? undefined : tone.ink }}
        >
          {mean === null ? '–' : showBriefly(mean, heat.column)}
        </text>
      )}
    </g>
  )
}

/** Another click takes the relation away again, and with it the region. */
function chooseCell(
  row: HeatRow,
  place: number,
  { view, change }: Pick<PlotProps, 'view' | 'change'>,
  talk: ChartTalk | null,
): void {
  const relations = toggled(view.filter.relations, row.relation)
  change({ filter: { ...view.filter, relations } })
  talk?.pull(cellRegion(row, place), chosenCases({ relations: [row.relation] }))
}

export function RelationHeatmap({ comparison, view, change }: PlotProps) {
  const [all, setAll] = useState(false)
  const heat = useMemo(
    () => heatOf(comparison, view.metric, view.arms),
    [comparison, view.metric, view.arms],
  )
  const rows = all ? heat.rows : heat.rows.slice(0, FEW)
  const talk = useChartTalk(relationsName(heat.column), chosenIn(view))
  const choose = (row: number, place: number) =>
    chooseCell(rows[row]!, heat.places[place]!, { view, change }, talk)
  return (
    <section className="card plot-card">
      <PlotFrame
        level="h2"
        title={
          <>
            <span className="plot-title">{heat.column.label}</span> by relation
          </>
        }
        name={`${heat.column.label} by relation`}
        caption={`Means${heat.column.unit ? ` in ${heat.column.unit}` : ''} of each relation, n at the right. A cell shows its cases.`}
        fileName="relations"
        height={(heat.names.length > 4 ? ASLANT_TOP : TOP) + Math.min(FEW, heat.rows.length) * ROW}
        table={() => heatTable(heat)}
        controls={
          <>
            <MetricChoice
              caption="Metric"
              columns={heat.columns}
              value={heat.column.name}
              onChange={(metric) => change({ metric })}
            />
            {heat.rows.length > FEW && (
              <button type="button" className="link" onClick={() => setAll(!all)}>
                {all ? `The ${FEW} largest` : `All ${heat.rows.length} relations`}
              </button>
            )}
            <ChartTalkControls talk={talk} title={`${heat.column.label} by relation`} />
          </>
        }
        draw={
          heat.rows.length === 0
            ? null
            : (size) => (
                <Drawing
                  {...{ heat, rows, size, talk }}
                  chosen={view.filter.relations}
                  onChoose={choose}
                />
              )
        }
      />
    </section>
  )
}
