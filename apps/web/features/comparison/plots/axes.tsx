// Rules, numbers and titles of a plot drawn in pixels.
import type { LinearAxis } from '../../../components/linear-axis'
import type { Box } from './brush-model'

export interface PlotBox {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What lies inside the axes. */
export function frameOf(box: PlotBox): Box {
  const { width, height, left, right, top, bottom } = box
  return { left, right: width - right, top, bottom: height - bottom }
}

interface AxisProps {
  readonly box: PlotBox
  readonly scale: LinearAxis
  readonly title?: string
  readonly count?: number
  readonly format?: (value: number) => string
  readonly rules?: boolean
}

export function AxisX({ box, scale, title, count = 5, format = String, rules = true }: AxisProps) {
  const floor = box.height - box.bottom
  return (
    <g>
      {scale.ticks(count).map((tick) => (
        <g key={tick}>
          {rules && (
            <line className="rule" x1={scale(tick)} x2={scale(tick)} y1={box.top} y2={floor} />
          )}
          <text x={scale(tick)} y={floor + 15} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
      {title && (
        <text x={(box.left + box.width - box.right) / 2} y={box.height - 4} textAnchor="middle">
          {title}
        </text>
      )}
    </g>
  )
}

export function AxisY({ box, scale, title, count = 5, format = String, rules = true }: AxisProps) {
  const middle = (box.top + box.height - box.bottom) / 2
  return (
    <g>
      {scale.ticks(count).map((tick) => (
        <g key={tick}>
          {rules && (
            <line
              className="rule"
              x1={box.left}
              x2={box.width - box.right}
              y1={scale(tick)}
              y2={scale(tick)}
            />
          )}
          <text x={box.left - 7} y={scale(tick) + 3.5} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {title && (
        <text transform={`translate(11 ${middle}) rotate(-90)`} textAnchor="middle">
          {title}
        </text>
      )}
    </g>
  )
}
