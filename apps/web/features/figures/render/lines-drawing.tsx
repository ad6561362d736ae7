// Lines with the bands of their intervals, or points with whiskers; names beside them in their colours.
import { useState, type CSSProperties } from 'react'
import { showNumber } from '../../lens/numbers'
import type { PlotSize } from '../frame/plot-frame'
import { axisTitle, type FigureData, type FigurePoint, type FigureSeries } from './figure-data'
import { layerScale, scaleOf, type ShownScale } from './figure-scales'
import { bandPath, linePath } from './lines-model'

const PLOT = 286
const TONES = 12
const LEGEND_ROW = 18

interface DrawingProps {
  readonly data: FigureData
  readonly size: PlotSize
}

/** Names stand below the plot, in as many columns as there is room for. */
function legendOf(series: readonly FigureSeries[], width: number) {
  const longest = Math.max(6, ...series.map(({ name }) => name.length)) * 6.2 + 44
  const columns = Math.max(1, Math.floor((width - 56) / longest))
  return {
    columns,
    step: (width - 56) / columns,
    height: Math.ceil(series.length / columns) * LEGEND_ROW + 8,
  }
}

export function linesHeight({ series }: FigureData, width: number): number {
  return PLOT + legendOf(series, width).height
}

interface SeriesProps {
  readonly one: FigureSeries
  readonly index: number
  readonly x: ShownScale
  readonly y: ShownScale
  readonly form: FigureData['form']
  readonly dim: boolean
}

function pointWords(name: string, { x, mean, low, high, n }: FigurePoint): string {
  const interval = low === high ? '' : ` (${showNumber(low)} to ${showNumber(high)})`
  return `${name}, ${showNumber(x)}: ${showNumber(mean)}${interval}, n = ${n}`
}

function Series({ one, index, x, y, form, dim }: SeriesProps) {
  const points = form === 'points'
  return (
    <g
      className="figure-series"
      style={{ '--arm': `var(--arm-${index % TONES})` } as CSSProperties}
      data-dim={dim || undefined}
    >
      {!points && <path className="series-band" d={bandPath(one.points, x.at, y.at)} />}
      {points &&
        one.points.map((point) => (
          <path
            key={point.x}
            className="series-whisker"
            d={`M${x.at(point.x)} ${y.at(point.low)}V${y.at(point.high)}`}
          />
        ))}
      {!points && (
        <path
          className="series-line"
          d={linePath(one.points, x.at, y.at)}
          strokeDasharray={one.dash ? '6 4' : undefined}
        />
      )}
      {one.points.map((point) =>
        Number.isFinite(point.mean) ? (
          <circle
            key={point.x}
            className="series-dot"
            cx={x.at(point.x)}
            cy={y.at(point.mean)}
            r={points ? 3.4 : 2}
          >
            <title>{pointWords(one.name, point)}</title>
          </circle>
        ) : null,
      )}
    </g>
  )
}

function Axes({
  data,
  width,
  x,
  y,
}: {
  readonly data: FigureData
  readonly width: number
  readonly x: ShownScale
  readonly y: ShownScale
}) {
  const floor = PLOT - 44
  return (
    <g>
      {y.ticks.map(({ value, text }) => (
        <g key={value}>
          <line className="rule" x1={56} x2={width - 12} y1={y.at(value)} y2={y.at(value)} />
          <text x={50} y={y.at(value) + 3.5} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {x.ticks.map(({ value, text }) => (
        <text key={value} x={x.at(value)} y={floor + 16} textAnchor="middle">
          {text}
        </text>
      ))}
      <text x={(56 + width - 12) / 2} y={PLOT - 10} textAnchor="middle">
        {axisTitle(data.x)}
      </text>
      <text transform={`translate(11 ${(10 + floor) / 2}) rotate(-90)`} textAnchor="middle">
        {axisTitle(data.y)}
      </text>
    </g>
  )
}

export function LinesDrawing({ data, size }: DrawingProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const { width } = size
  const points = data.series.flatMap((one) => one.points)
  const x = layerScale(
    data.x,
    points.map((one) => one.x),
    [62, width - 18],
    Math.max(3, Math.floor(width / 60)),
  )
  const y = scaleOf(
    data.y,
    points.flatMap(({ low, mean, high }) => [low, mean, high]),
    [PLOT - 44, 10],
  )
  const legend = legendOf(data.series, width)
  const height = linesHeight(data, width)
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${data.series.length} series over ${axisTitle(data.x)}; ${data.prompts} prompts`}
    >
      <Axes data={data} width={width} x={x} y={y} />
      {data.series.map((one, index) => (
        <Series
          key={one.name}
          {...{ one, index, x, y }}
          form={data.form}
          dim={chosen !== null && chosen !== one.name}
        />
      ))}
      {data.series.map((one, index) => (
        <g
          key={one.name}
          className="series-name"
          style={{ '--arm': `var(--arm-${index % TONES})` } as CSSProperties}
          transform={`translate(${56 + (index % legend.columns) * legend.step} ${PLOT + Math.floor(index / legend.columns) * LEGEND_ROW + 8})`}
          onMouseEnter={() => setChosen(one.name)}
          onMouseLeave={() => setChosen(null)}
        >
          <line x1={0} x2={20} y1={0} y2={0} strokeDasharray={one.dash ? '6 4' : undefined} />
          <text x={27} y={4} className="strong">
            {one.name}
          </text>
        </g>
      ))}
    </svg>
  )
}
