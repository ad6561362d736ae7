'use client'
// The grid of layers and positions. Draws only what is on screen; arrows move, Enter pins.
import type { CellMarks } from '../comments/cell-marks'
import type { Theme } from './colour-scale'
import type { GridModel } from './grid-model'
import { useGridFocus, useGridKeys, type GridSelection } from './grid-moves'
import { HeadRow, Row } from './grid-rows'
import { HEAD_HEIGHT, LAYER_WIDTH, ROW_HEIGHT, windowOf } from './grid-window'
import { Minimap } from './minimap'
import { useViewport } from './use-viewport'

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

export function LensGrid(props: LensGridProps) {
  const { model, theme, selected, pinned, marks, label, onSelect } = props
  const { ref, element, viewport } = useViewport<HTMLDivElement>()
  const place = { row: Math.max(0, model.order.indexOf(selected.layer)), column: selected.position }
  const seen = windowOf(model, viewport, place)
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
