// Which rows or columns of equal size are on screen.
export interface VisibleRange {
  readonly first: number
  /** One past the last. */
  readonly end: number
}

export function visibleRange(
  offset: number,
  extent: number,
  size: number,
  count: number,
  margin = 3,
): VisibleRange {
  if (count <= 0 || size <= 0) return { first: 0, end: 0 }
  const first = Math.max(0, Math.min(count - 1, Math.floor(offset / size)) - margin)
  const end = Math.min(count, Math.ceil((offset + Math.max(extent, size)) / size) + margin)
  return { first, end }
}

/** Where to scroll so that one item is wholly on screen, beside a sticky header of the given size. */
export function scrollToShow(item: number, size: number, offset: number, extent: number): number {
  if (item * size < offset) return item * size
  if ((item + 1) * size > offset + extent) return (item + 1) * size - extent
  return offset
}

/** Columns share the room; none is narrower than it takes to read a token. */
export function columnWidth(
  room: number,
  count: number,
  narrowest: number,
  widest: number,
): number {
  if (count === 0) return narrowest
  return Math.max(narrowest, Math.min(widest, Math.floor(room / count)))
}
