// Ranks of the target by layer, one line per position (Backward Lens, Fig. 6), on a logarithmic axis.
import { linearAxis } from '../../../components/linear-axis'
import type { GridModel } from '../grid-model'
import type { GridSource } from '../grid-model'

export interface RankLine {
  readonly position: number
  readonly token: string
  /** Place by layer; null where there is no rank. */
  readonly places: readonly (number | null)[]
  readonly emphasis: 'selected' | 'last' | 'other'
}

export interface RankFigure {
  readonly fromLast: boolean
  readonly most: number
  readonly lines: readonly RankLine[]
}

export function rankFigure(
  source: GridSource,
  columns: GridModel['columns'],
  vocabularySize: number,
  selected: number,
): RankFigure {
  const { layers, positions, targetRank } = source.grid
  const fromLast = source.kind === 'matrix' && source.grid.factor === 'VJP'
  const place = (rank: number) => (rank < 0 ? null : fromLast ? vocabularySize - 1 - rank : rank)
  const lines = columns.slice(0, positions).map(({ position, text }): RankLine => ({
    position,
    token: text,
    places: Array.from({ length: layers }, (_, layer) =>
      place(targetRank[layer * positions + position] ?? -1),
    ),
    emphasis: position === selected ? 'selected' : position === positions - 1 ? 'last' : 'other',
  }))
  const rank = { other: 0, last: 1, selected: 2 }
  return {
    fromLast,
    most: vocabularySize - 1,
    lines: lines.toSorted((a, b) => rank[a.emphasis] - rank[b.emphasis]),
  }
}

export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export function rankScales(figure: RankFigure, layers: number, frame: Frame) {
  const x = linearAxis([0, Math.max(1, layers - 1)], [frame.left, frame.width - frame.right])
  const y = linearAxis([0, Math.log10(figure.most + 1)], [frame.top, frame.height - frame.bottom])
  return { x, y: (place: number) => y(Math.log10(place + 1)) }
}

export function rankTicks(most: number): number[] {
  const powers = [0, 10, 100, 1000, 10_000, 100_000].filter((tick) => tick < most * 0.6)
  return [...powers, most]
}

/** Unbroken stretches of a line, so that a masked cell is a gap and not a slope. */
export function stretches(
  places: readonly (number | null)[],
  toPoint: (layer: number, place: number) => Point,
): Point[][] {
  const found: Point[][] = [[]]
  places.forEach((place, layer) => {
    if (place === null) found.push([])
    else found.at(-1)?.push(toPoint(layer, place))
  })
  return found.filter((stretch) => stretch.length > 0)
}

/** Labels pushed apart so that none covers another; those that find no room are left out. */
export function spreadLabels<T extends { readonly y: number }>(
  labels: readonly T[],
  gap: number,
  bottom: number,
): (T & { readonly at: number })[] {
  const placed: (T & { readonly at: number })[] = []
  for (const label of labels.toSorted((a, b) => a.y - b.y)) {
    const at = Math.max(label.y, (placed.at(-1)?.at ?? -Infinity) + gap)
    if (at <= bottom) placed.push({ ...label, at })
  }
  return placed
}

/** Layer numbers that fit below an axis. */
export function layerTicks(layers: number): number[] {
  const step = layers <= 12 ? 1 : layers <= 24 ? 2 : layers <= 36 ? 4 : 8
  return Array.from({ length: layers }, (_, layer) => layer).filter((layer) => layer % step === 0)
}
