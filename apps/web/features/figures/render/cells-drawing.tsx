// A heat map, or a table of tokens on coloured ground; with the key of its colours.
import { css, rampRgb } from '../../lens/colour-scale'
import { showNumber } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import type { PlotSize } from '../frame/plot-frame'
import { axisTitle, type FigureData } from './figure-data'
import { colourKey, type ColourKey } from './figure-scales'

const FOOT = 40
const KEY = 34
const LETTER = 6.2
const TOKEN_ROW = 24
const TOKEN_WIDTH = 68

interface CellsProps {
  readonly data: FigureData
  readonly size: PlotSize
}

interface Grid {
  readonly names: readonly string[]
  readonly columns: readonly string[]
  readonly left: number
  readonly cell: { readonly width: number; readonly height: number }
  readonly width: number
  readonly height: number
}

interface GridCell {
  readonly x: number
  readonly y: number
  readonly value: number | null
  readonly text: string | null
  readonly words: string
}

const most = (values: readonly number[]): number => Math.max(0, ...values)

function gridCells(data: FigureData): readonly GridCell[] {
  if (data.form === 'table')
    return (data.rows ?? []).flatMap(({ name, cells }, y) =>
      cells.map(({ text, value }, x) => ({
        x,
        y,
        value,
        text: text === '' ? '' : showToken(text),
        words: `${showToken(name)}, ${data.x.label} ${data.columns?.[x] ?? x}: ${text === '' ? 'nothing' : showToken(text)}, ${showNumber(value)}`,
      })),
    )
  return (data.cells ?? []).map(({ x, y, mean, low, high, n }) => ({
    x,
    y,
    value: mean,
    text: null,
    words: `${data.y.names?.[y] ?? y}, ${data.x.label} ${data.x.names?.[x] ?? x}: ${showNumber(mean)} (${showNumber(low)} to ${showNumber(high)}), n = ${n}`,
  }))
}

function gridOf(data: FigureData, room: number): Grid {
  const table = data.form === 'table'
  const cells = data.cells ?? []
  const count = table ? (data.columns?.length ?? 0) : 1 + most(cells.map(({ x }) => x))
  const rows = table
    ? (data.rows ?? []).length
    : (data.y.names?.length ?? 1 + most(cells.map(({ y }) => y)))
  const names = table
    ? (data.rows ?? []).map(({ name }) => showToken(name))
    : Array.from({ length: rows }, (_, row) => data.y.names?.[row] ?? String(row))
  const columns = Array.from(
    { length: count },
    (_, at) => data.columns?.[at] ?? data.x.names?.[at] ?? String(at),
  )
  const left = Math.min(room * 0.4, 30 + most(names.map(({ length }) => length)) * LETTER)
  const width = (room - left - 8) / Math.max(1, count)
  const cell = table
    ? { width: Math.max(TOKEN_WIDTH, width), height: TOKEN_ROW }
    : { width: Math.min(width, 34), height: data.y.names ? 17 : Math.min(width, 24) }
  return {
    names,
    columns,
    left,
    cell,
    width: left + count * cell.width + 8,
    height: rows * cell.height + FOOT + KEY,
  }
}

export function cellsHeight(data: FigureData, room: number): number {
  return gridOf(data, room).height
}

function Labels({ grid, data }: { readonly grid: Grid; readonly data: FigureData }) {
  const { names, columns, left, cell } = grid
  const body = names.length * cell.height
  const everyRow = Math.max(1, Math.ceil(12 / cell.height))
  const everyColumn = Math.max(1, Math.ceil(22 / cell.width))
  const room = Math.floor((left - 24) / LETTER)
  return (
    <g>
      {names.map((name, row) =>
        row % everyRow === 0 ? (
          <text
            key={row}
            x={left - 7}
            y={(row + 0.5) * cell.height + 4}
            textAnchor="end"
            className={data.form === 'table' ? 'mono strong' : 'strong'}
          >
            <title>{name}</title>
            {name.length > room ? `${name.slice(0, Math.max(1, room - 1))}…` : name}
          </text>
        ) : null,
      )}
      {columns.map((name, at) =>
        at % everyColumn === 0 ? (
          <text key={at} x={left + (at + 0.5) * cell.width} y={body + 15} textAnchor="middle">
            {name}
          </text>
        ) : null,
      )}
      <text x={left + (columns.length * cell.width) / 2} y={body + 32} textAnchor="middle">
        {axisTitle(data.x)}
      </text>
      <text transform={`translate(10 ${body / 2}) rotate(-90)`} textAnchor="middle">
        {axisTitle(data.y)}
      </text>
    </g>
  )
}

const KEY_STEPS = 48
const KEY_WIDTH = 180

function Key({
  grid,
  data,
  colours,
  size,
}: CellsProps & { readonly grid: Grid; readonly colours: ColourKey }) {
  const signed = (data.color?.domain?.[0] ?? 0) < 0
  const shade = (t: number) =>
    signed
      ? colours.tone((t - 0.5) * 2 * (data.color?.domain?.[1] ?? 1), size.theme).background
      : css(rampRgb(size.theme, t))
  const ends = colours.ticks.filter(
    (_, at, all) => at === 0 || at === all.length - 1 || all.length < 6,
  )
  return (
    <g transform={`translate(${grid.left} ${grid.height - KEY + 10})`}>
      {Array.from({ length: KEY_STEPS }, (_, step) => (
        <rect
          key={step}
          x={(step * KEY_WIDTH) / KEY_STEPS}
          width={KEY_WIDTH / KEY_STEPS + 0.4}
          height={8}
          fill={shade((step + 0.5) / KEY_STEPS)}
        />
      ))}
      {ends.map(({ value, text }) => (
        <text key={value} x={colours.at(value) * KEY_WIDTH} y={20} textAnchor="middle">
          {text}
        </text>
      ))}
      <text x={KEY_WIDTH + 18} y={8}>
        {data.color ? axisTitle(data.color) : ''}
      </text>
    </g>
  )
}

export function CellsDrawing({ data, size }: CellsProps) {
  const grid = gridOf(data, size.width)
  const cells = gridCells(data)
  const colours = colourKey(
    data.color,
    cells.flatMap(({ value }) => value ?? []),
  )
  const { left, cell, width, height } = grid
  const letters = Math.floor((cell.width - 6) / 6.4)
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${grid.names.length} rows by ${grid.columns.length} columns; ${data.prompts} prompts`}
    >
      {cells.map((one) => {
        const tone = one.value === null ? null : colours.tone(one.value, size.theme)
        return (
          <g key={`${one.x} ${one.y}`}>
            <rect
              className="figure-cell"
              x={left + one.x * cell.width}
              y={one.y * cell.height}
              width={Math.max(1, cell.width - 1)}
              height={Math.max(1, cell.height - 1)}
              rx={cell.width > 12 ? 2 : 0}
              fill={tone?.background ?? 'none'}
            >
              <title>{one.words}</title>
            </rect>
            {one.text !== null && (
              <text
                x={left + (one.x + 0.5) * cell.width}
                y={(one.y + 0.5) * cell.height + 3}
                textAnchor="middle"
                className="mono"
                pointerEvents="none"
                style={tone ? { fill: tone.ink } : undefined}
              >
                {one.text.length > letters ? `${one.text.slice(0, letters - 1)}…` : one.text}
              </text>
            )}
          </g>
        )
      })}
      <Labels grid={grid} data={data} />
      <Key {...{ grid, data, colours, size }} />
    </svg>
  )
}
