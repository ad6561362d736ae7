// A few lines over steps or layers, with its axes; drawn to fit its box.
import { showNumber } from '../../lens/numbers'
import { linePlot, pathsOf, type PlotBox, type Scale, type Series } from './line-plot-model'

const BOX: PlotBox = { width: 420, height: 170, left: 46, right: 12, top: 10, bottom: 34 }

interface LinePlotProps {
  readonly series: readonly Series[]
  readonly scale: Scale
  readonly label: string
  readonly xTitle: string
  readonly xName?: (index: number) => string
}

export function LinePlotView({ series, scale, label, xTitle, xName = String }: LinePlotProps) {
  const plot = linePlot(series, scale, BOX)
  const middle = (BOX.left + BOX.width - BOX.right) / 2
  return (
    <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={label} className="plot">
      {plot.ticks.map((tick) => (
        <g key={tick}>
          <line
            className="rule"
            x1={BOX.left}
            x2={BOX.width - BOX.right}
            y1={plot.y(tick)}
            y2={plot.y(tick)}
          />
          <text x={BOX.left - 6} y={plot.y(tick) + 3.5} textAnchor="end">
            {showNumber(tick, 2)}
          </text>
        </g>
      ))}
      {plot.steps.map((step) => (
        <text key={step} x={plot.x(step)} y={BOX.height - BOX.bottom + 14} textAnchor="middle">
          {xName(step)}
        </text>
      ))}
      <text x={middle} y={BOX.height - 3} textAnchor="middle">
        {xTitle}
      </text>
      {series.map((one) => (
        <g key={one.name} className="plot-line" data-tone={one.tone}>
          <title>{one.name}</title>
          {pathsOf(one, plot).map((points, index) =>
            points.includes(' ') ? (
              <polyline key={index} points={points} />
            ) : (
              <circle key={index} cx={points.split(',')[0]} cy={points.split(',')[1]} r="2.4" />
            ),
          )}
        </g>
      ))}
    </svg>
  )
}

export function PlotLegend({ series }: { readonly series: readonly Series[] }) {
  return (
    <ul className="plot-legend">
      {series.map(({ name, tone }) => (
        <li key={name} data-tone={tone}>
          {name}
        </li>
      ))}
    </ul>
  )
}
