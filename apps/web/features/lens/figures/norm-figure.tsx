// Norms by layer and token (Backward Lens, Fig. 5), of the factor that the grid shows the direction of.
import { memo } from 'react'
import { linearScale, rangeScale, toneOf, type ColourScale, type Theme } from '../colour-scale'
import type { GridModel, GridSource } from '../grid-model'
import { showNumber } from '../numbers'
import { FigureFrame, type FigureTable } from './figure-frame'
import { LayerAxis } from './axes'

const FRAME = { width: 250, left: 66, top: 6, bottom: 22 }

interface NormFigureProps {
  readonly source: GridSource
  readonly columns: GridModel['columns']
  readonly theme: Theme
  readonly what: string
  readonly selected: { readonly layer: number; readonly position: number }
}

function normScale(source: GridSource): ColourScale {
  return source.kind === 'matrix' ? linearScale(normsOf(source)) : rangeScale(normsOf(source))
}

function normsOf(source: GridSource): readonly number[] {
  return source.kind === 'matrix' ? source.grid.vjpNorm : source.grid.norm
}

interface NormCellsProps {
  readonly source: GridSource
  readonly theme: Theme
  readonly width: number
  readonly height: number
}

/** Drawn once for a grid: moving the selection leaves these thousands of rectangles alone. */
const NormCells = memo(function NormCells({ source, theme, width, height }: NormCellsProps) {
  const { positions } = source.grid
  const norms = normsOf(source)
  const scale = normScale(source)
  const size = (room: number) => Math.max(0.5, room - (room > 6 ? 1.5 : 0.3))
  return norms.map((value, index) => (
    <rect
      key={index}
      className="norm-cell"
      data-zero={value === 0 || undefined}
      x={FRAME.left + Math.floor(index / positions) * width}
      y={FRAME.top + (index % positions) * height}
      width={size(width)}
      height={size(height)}
      rx={height > 8 ? 2 : 0}
      fill={value === 0 ? 'none' : toneOf(theme, scale.position(value)).background}
    />
  ))
})

function TokenAxis({
  columns,
  height,
}: {
  readonly columns: GridModel['columns']
  readonly height: number
}) {
  const every = Math.ceil(11 / height)
  return columns
    .filter((_, index) => index % every === 0)
    .map((column) => (
      <text
        key={column.position}
        className="mono"
        x={FRAME.left - 6}
        y={FRAME.top + (column.position + 0.5) * height + 3.5}
        textAnchor="end"
      >
        {column.text.slice(0, 10)}
      </text>
    ))
}

function tableOf(source: GridSource, columns: GridModel['columns']): FigureTable {
  const { layers, positions } = source.grid
  const norms = normsOf(source)
  return {
    header: [
      'position',
      'token',
      'layer',
      `norm_of_${source.kind === 'matrix' ? 'vjp' : 'hidden_state'}`,
    ],
    rows: columns
      .slice(0, positions)
      .flatMap((column) =>
        Array.from({ length: layers }, (_, layer) => [
          column.position,
          column.text,
          layer,
          norms[layer * positions + column.position],
        ]),
      ),
  }
}

export function NormFigureView({ source, columns, theme, what, selected }: NormFigureProps) {
  const { layers, positions } = source.grid
  const scale = normScale(source)
  const height = Math.max(190, Math.min(420, FRAME.top + FRAME.bottom + positions * 9))
  const cell = {
    width: (FRAME.width - FRAME.left - 4) / layers,
    height: (height - FRAME.top - FRAME.bottom) / positions,
  }
  const symbol = source.kind === 'matrix' ? 'δ' : 'h'
  return (
    <FigureFrame
      title={`Norm of ${symbol}`}
      caption={`${what}: by layer and token, ${showNumber(scale.ticks[0])} to ${showNumber(scale.ticks[1])}`}
      fileName="norms"
      table={() => tableOf(source, columns)}
    >
      <svg
        style={{ maxWidth: FRAME.width * 1.5 }}
        viewBox={`0 0 ${FRAME.width} ${height}`}
        role="img"
        aria-label={`Norms of ${layers} layers by ${positions} tokens`}
      >
        <TokenAxis columns={columns.slice(0, positions)} height={cell.height} />
        <NormCells source={source} theme={theme} width={cell.width} height={cell.height} />
        <rect
          className="norm-selected"
          x={FRAME.left + selected.layer * cell.width}
          y={FRAME.top + selected.position * cell.height}
          width={Math.max(2, cell.width - 1.5)}
          height={Math.max(2, cell.height - 1.5)}
        />
        <LayerAxis
          layers={layers}
          height={height}
          x={(layer) => FRAME.left + (layer + 0.5) * cell.width}
        />
      </svg>
    </FigureFrame>
  )
}
