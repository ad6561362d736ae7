// The sizes of the grid, and what of it is on screen.
import type { GridModel } from './grid-model'
import type { Viewport } from './use-viewport'
import { columnWidth, visibleRange } from './visible-range'

export const ROW_HEIGHT = 29
export const HEAD_HEIGHT = 28
export const LAYER_WIDTH = 40
const NARROWEST = 76
const WIDEST = 260

function indices(range: { first: number; end: number }, extra: number): number[] {
  const list = Array.from({ length: range.end - range.first }, (_, index) => range.first + index)
  return extra < range.first || extra >= range.end ? [...list, extra] : list
}

/** The rows and columns to be drawn; the selected ones are always among them. */
export function windowOf(
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
