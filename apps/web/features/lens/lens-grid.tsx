'use client'
// The grid of layers and positions. Draws only what is on screen; arrows move, Enter pins.
import { memo, useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import type { CellMarks } from '../comments/cell-marks'
import { countInWords } from '../comments/count-sign'
import { toneOf, type Theme } from './colour-scale'
import { moveInGrid, type GridPlace } from './grid-keys'
import type { GridCell, GridModel } from './grid-model'
import { showNumber } from './numbers'
import { useViewport, type Viewport } from './use-viewport'
import { columnWidth, scrollToShow, visibleRange } from './visible-range'
import { Minimap } from './minimap'

export const ROW_HEIGHT = 29
export const HEAD_HEIGHT = 28
const LAYER_WIDTH = 40
const NARROWEST = 76
const WIDEST = 260

export interface GridSelection {
  readonly layer: number
  readonly position: number
}

interface LensGridProps {
  readonly model: GridModel
  readonly theme: Theme
  readonly selected: GridSelection
  readonly pinned: ReadonlySet<string>
  readonly marks: CellMarks
  readonly label: string
  readonly onSelect: (selection: GridSelection) => void
  readonly onPin: (selection: GridSelection) => void
}

export const cellKey = (layer: number, position: number) => `${layer}.${position}`

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

function indices(range: { first: number; end: number }, extra: number): number[] {
  const list = Array.from({ length: range.end - range.first }, (_, index) => range.first + index)
  return extra < range.first || extra >= range.end ? [...list, extra] : list
}

function useWindow(
  model: GridModel,
  viewport: Viewport,
  selected: { row: number; column: number },
) {
  const room = Math.max(0, viewport.width - LAYER_WIDTH)
  const width = columnWidth(room, model.columns.length, NARROWEST, WIDEST)
  const body = viewport.height - HEAD_HEIGHT
  return {
    width,
    rows: indices(visibleRange(viewport.top, body, ROW_HEIGHT, model.layers), selected.row),
    columns: indices(
      visibleRange(viewport.left, room, width, model.columns.length),
      selected.column,
    ),
    room,
    body,
    overflowing: model.layers * ROW_HEIGHT > body + 1 || model.columns.length * width > room + 1,
  }
}

function HeadRow({
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

function useGridFocus(
  element: React.RefObject<HTMLDivElement | null>,
  selected: GridSelection,
  place: { row: number; column: number },
  size: { width: number; room: number; body: number },
) {
  const wantsFocus = useRef(false)
  useLayoutEffect(() => {
    const node = element.current
    if (!node || size.room === 0) return
    const top = scrollToShow(place.row, ROW_HEIGHT, node.scrollTop, size.body)
    const left = scrollToShow(place.column, size.width, node.scrollLeft, size.room)
    if (top !== node.scrollTop || left !== node.scrollLeft) node.scrollTo(left, top)
    if (!wantsFocus.current) return
    wantsFocus.current = false
    node
      .querySelector<HTMLElement>(`[data-cell="${cellKey(selected.layer, selected.position)}"]`)
      ?.focus({ preventScroll: true })
    // Only a new selection scrolls; the reader's own scrolling is left alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected.layer, selected.position, place.row, size.width, size.room === 0])
  return wantsFocus
}

interface RowProps extends Pick<
  LensGridProps,
  'model' | 'theme' | 'selected' | 'pinned' | 'marks' | 'onSelect'
> {
  readonly row: number
  readonly columns: readonly number[]
  readonly width: number
}

function Row({ model, theme, selected, pinned, marks, onSelect, row, columns, width }: RowProps) {
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

function useGridKeys(
  { model, selected, onSelect, onPin }: LensGridProps,
  place: GridPlace,
  wantsFocus: { current: boolean },
) {
  // Keys may come faster than React draws: each moves on from the one before, not from what is on screen.
  const newest = useRef(place)
  useLayoutEffect(() => {
    newest.current = { row: place.row, column: place.column }
  }, [place.row, place.column])
  return (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      if (!event.ctrlKey) onPin(selected)
    } else {
      const next = moveInGrid(event.key, event.ctrlKey, newest.current, {
        rows: model.layers,
        columns: model.columns.length,
      })
      if (!next) return
      newest.current = next
      wantsFocus.current = true
      onSelect({ layer: model.order[next.row] ?? selected.layer, position: next.column })
    }
    event.preventDefault()
  }
}

export function LensGrid(props: LensGridProps) {
  const { model, theme, selected, pinned, marks, label, onSelect } = props
  const { ref, element, viewport } = useViewport<HTMLDivElement>()
  const place = { row: Math.max(0, model.order.indexOf(selected.layer)), column: selected.position }
  const seen = useWindow(model, viewport, place)
  const wantsFocus = useGridFocus(element, selected, place, seen)
  const onKeyDown = useGridKeys(props, place, wantsFocus)
  const size = {
    width: LAYER_WIDTH + model.columns.length * seen.width,
    height: HEAD_HEIGHT + model.layers * ROW_HEIGHT,
  }
  const scroll = (left: number, top: number) => element.current?.scrollTo(left, top)
  const { columns, width } = seen
  const shared = { model, theme, selected, pinned, marks, onSelect, columns, width }
  return (
    <div className="grid-frame">
      <div className="grid-scroll" ref={ref} style={{ height: size.height + 2 }}>
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={model.layers + 1}
          aria-colcount={model.columns.length + 1}
          className="lens-grid"
          style={size}
          onKeyDown={onKeyDown}
          data-testid="lens-grid"
        >
          <HeadRow
            model={model}
            columns={seen.columns}
            width={seen.width}
            selected={selected.position}
          />
          {seen.rows.map((row) => (
            <Row key={model.order[row]} row={row} {...shared} />
          ))}
        </div>
      </div>
      {seen.overflowing && viewport.width > 0 && (
        <Minimap
          model={model}
          theme={theme}
          viewport={viewport}
          room={seen.room}
          body={seen.body}
          rowHeight={ROW_HEIGHT}
          width={seen.width}
          onScroll={scroll}
        />
      )}
    </div>
  )
}
