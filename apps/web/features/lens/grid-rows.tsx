'use client'
// The rows of the grid: the tokens of the columns, and the cells of a layer.
import { memo } from 'react'
import type { CellMarks } from '../comments/cell-marks'
import { countInWords } from '../comments/count-sign'
import { toneOf, type Theme } from './colour-scale'
import type { GridCell, GridModel } from './grid-model'
import { cellKey, type GridSelection } from './grid-moves'
import { HEAD_HEIGHT, LAYER_WIDTH, ROW_HEIGHT } from './grid-window'
import { showNumber } from './numbers'

interface CellViewProps {
  readonly cell: GridCell
  readonly theme: Theme
  readonly left: number
  readonly width: number
  readonly selected: boolean
  readonly pinned: boolean
  readonly token: string
  readonly caption: string
  readonly threads: number
  readonly unresolved: number
  readonly onSelect: (selection: GridSelection) => void
}

function labelOf({
  cell,
  token,
  caption,
  threads,
  unresolved,
}: Pick<CellViewProps, 'cell' | 'token' | 'caption' | 'threads' | 'unresolved'>): string {
  const what = cell.masked ? 'nothing is written' : cell.text
  const value =
    Number.isNaN(cell.value) || cell.masked ? '' : `, ${caption} ${showNumber(cell.value)}`
  const talk = threads > 0 ? `, ${countInWords({ threads, unresolved })}` : ''
  return `Layer ${cell.layer}, position ${cell.position} ${token}: ${what}${value}${talk}`
}

const CellView = memo(function CellView({
  cell,
  theme,
  left,
  width,
  selected,
  pinned,
  token,
  caption,
  threads,
  unresolved,
  onSelect,
}: CellViewProps) {
  const tone = cell.masked ? undefined : toneOf(theme, cell.tone)
  const style = {
    '--w': `${width - 2}px`,
    left,
    ...(tone && { background: tone.background, color: tone.ink }),
  }
  return (
    <div
      role="gridcell"
      aria-colindex={cell.position + 2}
      aria-selected={selected}
      aria-label={labelOf({ cell, token, caption, threads, unresolved })}
      tabIndex={selected ? 0 : -1}
      className="cell mono"
      data-cell={cellKey(cell.layer, cell.position)}
      data-hit={cell.hit || undefined}
      data-masked={cell.masked || undefined}
      data-silent={(cell.reason !== null && !cell.masked) || undefined}
      data-pinned={pinned || undefined}
      data-threads={threads || undefined}
      data-all-resolved={(threads > 0 && unresolved === 0) || undefined}
      title={cell.reason ? `${cell.text}\n${cell.reason}` : cell.text}
      style={style}
      onClick={() => onSelect(cell)}
    >
      {cell.text}
    </div>
  )
})

export function HeadRow({
  model,
  columns,
  width,
  selected,
}: {
  readonly model: GridModel
  readonly columns: readonly number[]
  readonly width: number
  readonly selected: number
}) {
  return (
    <div role="row" aria-rowindex={1} className="grid-head">
      <div role="columnheader" aria-colindex={1} className="corner">
        <span className="hidden-text">Layer</span>
      </div>
      {columns.map((position) => {
        const column = model.columns[position]
        return (
          <div
            key={position}
            role="columnheader"
            aria-colindex={position + 2}
            className="column-head mono"
            data-on={position === selected || undefined}
            data-forced={column?.forced || undefined}
            title={`Position ${position}: ${column?.text}${column?.forced ? ' (target token, fed in)' : ''}`}
            style={{ left: LAYER_WIDTH + position * width, width: width - 2 }}
          >
            {column?.text}
          </div>
        )
      })}
    </div>
  )
}

interface RowProps {
  readonly model: GridModel
  readonly theme: Theme
  readonly selected: GridSelection
  readonly pinned: ReadonlySet<string>
  readonly marks: CellMarks
  readonly onSelect: (selection: GridSelection) => void
  readonly row: number
  readonly columns: readonly number[]
  readonly width: number
}

export function Row({
  model,
  theme,
  selected,
  pinned,
  marks,
  onSelect,
  row,
  columns,
  width,
}: RowProps) {
  const layer = model.order[row] ?? 0
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className="grid-row"
      style={{ top: HEAD_HEIGHT + row * ROW_HEIGHT }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className="row-head mono"
        data-on={layer === selected.layer || undefined}
      >
        {layer}
      </div>
      {columns.map((position) => (
        <CellView
          key={position}
          cell={model.cell(layer, position)}
          theme={theme}
          left={LAYER_WIDTH + position * width}
          width={width}
          selected={layer === selected.layer && position === selected.position}
          pinned={pinned.has(cellKey(layer, position))}
          token={model.columns[position]?.text ?? ''}
          caption={model.caption}
          threads={marks.get(cellKey(layer, position))?.threads ?? 0}
          unresolved={marks.get(cellKey(layer, position))?.unresolved ?? 0}
          onSelect={onSelect}
        />
      ))}
    </div>
  )
}
