// The overlap of keys as a square of tones; numbers on focus, and inside where there is room.
import type { PlotSize } from '../figures/frame/plot-frame'
import { moveBetweenCells } from '../comparison/number-notes'
import { toneOf } from '../lens/colour-scale'
import type { Overlap } from './interference-model'

const TOP = 22
const LEAST_CELL = 16
const MOST_CELL = 56
const ROOM_FOR_NUMBER = 30
const RAMP = 120

interface OverlapDrawingProps {
  readonly overlap: Overlap
  readonly names: readonly string[]
  readonly size: PlotSize
}

const shorten = (name: string, room: number): string => {
  const most = Math.max(4, Math.floor(room / 6.4))
  return name.length > most ? `${name.slice(0, most - 1)}…` : name
}

const show = (value: number): string => value.toFixed(2)

interface CellProps extends Pick<OverlapDrawingProps, 'names' | 'size'> {
  readonly value: number
  readonly row: number
  readonly column: number
  readonly cell: number
  readonly left: number
}

function Cell({ value, row, column, cell, left, names, size }: CellProps) {
  const own = row === column
  const tone = toneOf(size.theme, own ? 0 : Math.min(1, Math.abs(value)))
  const words = own
    ? `${names[row]}: itself`
    : `${names[row]} and ${names[column]}: key overlap ${show(value)}`
  const [x, y] = [left + column * cell, TOP + row * cell]
  return (
    <g
      className="heat-cell"
      {...(!size.still && {
        role: 'img',
        tabIndex: row === 0 && column === 0 ? 0 : -1,
        'data-row': row,
        'data-column': column,
        'aria-label': words,
      })}
    >
      <title>{words}</title>
      <rect
        x={x}
        y={y}
        width={cell - 2}
        height={cell - 2}
        rx={3}
        fill={own ? 'none' : tone.background}
        data-empty={own || undefined}
      />
      {!own && cell > ROOM_FOR_NUMBER && (
        <text
          x={x + cell / 2 - 1}
          y={y + cell / 2 + 3}
          textAnchor="middle"
          style={{ fill: tone.ink }}
        >
          {show(value)}
        </text>
      )}
    </g>
  )
}

function Legend({
  y,
  left,
  size,
}: {
  readonly y: number
  readonly left: number
  readonly size: PlotSize
}) {
  const steps = 12
  return (
    <g>
      <text x={left - 8} y={y + 8} textAnchor="end">
        key overlap 0
      </text>
      {Array.from({ length: steps }, (_, index) => (
        <rect
          key={index}
          x={left + (index * RAMP) / steps}
          y={y}
          width={RAMP / steps + 0.5}
          height={8}
          fill={toneOf(size.theme, index / (steps - 1)).background}
        />
      ))}
      <text x={left + RAMP + 8} y={y + 8}>
        1
      </text>
    </g>
  )
}

export function OverlapDrawing({ overlap, names, size }: OverlapDrawingProps) {
  const count = Math.max(1, overlap.length)
  const left = Math.max(130, Math.min(220, size.width * 0.35))
  const cell = Math.min(MOST_CELL, Math.max(LEAST_CELL, (size.width - left - 8) / count))
  const width = Math.max(size.width, left + count * cell + 8)
  const height = TOP + count * cell + 26
  return (
    <svg
      className="heatmap"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role={size.still ? 'img' : 'group'}
      aria-label={`Key overlap of ${count} edits`}
      onKeyDown={moveBetweenCells}
    >
      {names.map((name, index) => (
        <g key={index}>
          <text x={left + (index + 0.5) * cell - 1} y={TOP - 8} textAnchor="middle">
            {index + 1}
          </text>
          <text x={left - 8} y={TOP + (index + 0.5) * cell + 3} textAnchor="end" className="strong">
            <title>{name}</title>
            {index + 1}. {shorten(name, left - 40)}
          </text>
        </g>
      ))}
      {overlap.map((values, row) =>
        values.map((value, column) => (
          <Cell key={`${row}.${column}`} {...{ value, row, column, cell, left, names, size }} />
        )),
      )}
      <Legend y={height - 14} left={left} size={size} />
    </svg>
  )
}
