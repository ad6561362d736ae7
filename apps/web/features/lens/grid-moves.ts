// How one moves in the grid: by keys, with the focus and the scroll position behind the selection.
import { useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react'
import { moveInGrid, type GridPlace } from './grid-keys'
import type { GridModel } from './grid-model'
import { ROW_HEIGHT } from './grid-window'
import { scrollToShow } from './visible-range'

export interface GridSelection {
  readonly layer: number
  readonly position: number
}

/** The name of a cell in the page. */
export const cellKey = (layer: number, position: number) => `${layer}.${position}`

interface GridSize {
  readonly width: number
  readonly room: number
  readonly body: number
}

/** Only a new selection scrolls: the reader's own scrolling, and a page that grows, are left alone. */
export function useGridFocus(
  element: RefObject<HTMLDivElement | null>,
  { layer, position }: GridSelection,
  { row, column }: GridPlace,
  size: GridSize,
) {
  const wantsFocus = useRef(false)
  const newest = useRef(size)
  useLayoutEffect(() => {
    newest.current = size
  })
  const { width } = size
  const drawn = size.room > 0
  useLayoutEffect(() => {
    const node = element.current
    if (!node || !drawn) return
    const { body, room } = newest.current
    const top = scrollToShow(row, ROW_HEIGHT, node.scrollTop, body)
    const left = scrollToShow(column, width, node.scrollLeft, room)
    if (top !== node.scrollTop || left !== node.scrollLeft) node.scrollTo(left, top)
    if (!wantsFocus.current) return
    wantsFocus.current = false
    node
      .querySelector<HTMLElement>(`[data-cell="${cellKey(layer, position)}"]`)
      ?.focus({ preventScroll: true })
  }, [element, layer, position, row, column, width, drawn])
  return wantsFocus
}

interface MovingGrid {
  readonly model: GridModel
  readonly selected: GridSelection
  readonly onSelect: (selection: GridSelection) => void
  readonly onPin: (selection: GridSelection) => void
}

export function useGridKeys(
  { model, selected, onSelect, onPin }: MovingGrid,
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
