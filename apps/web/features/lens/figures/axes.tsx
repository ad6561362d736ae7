// Rules and numbers that the figures share.
import { layerTicks } from './rank-figure-model'

export interface FigureBox {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
}

interface ValueAxisProps {
  readonly box: FigureBox
  readonly ticks: readonly number[]
  readonly y: (tick: number) => number
  readonly format?: (tick: number) => string
}

export function ValueAxis({ box, ticks, y, format = String }: ValueAxisProps) {
  return ticks.map((tick) => (
    <g key={tick}>
      <line className="rule" x1={box.left} x2={box.width - box.right} y1={y(tick)} y2={y(tick)} />
      <text x={box.left - 6} y={y(tick) + 3.5} textAnchor="end">
        {format(tick)}
      </text>
    </g>
  ))
}

interface LayerAxisProps {
  readonly layers: number
  readonly height: number
  readonly x: (layer: number) => number
}

export function LayerAxis({ layers, height, x }: LayerAxisProps) {
  return layerTicks(layers).map((layer) => (
    <text key={layer} x={x(layer)} y={height - 6} textAnchor="middle">
      {layer}
    </text>
  ))
}
