// Cells -> a heat map with named rows, layers as columns, and a bar that says what the colours mean.
import type { FigureAxis, FigureData } from '../figure-data.js'
import { scaleOf } from './axis-scale.js'
import { labelOf, type DrawnPart } from './draw-lines.js'
import { divergingColor, sequentialColor } from './palette.js'
import { element, ink, textAt } from './svg-elements.js'

const bar = { width: 14, gap: 22, label: 74 } as const
const CHARACTER = 6.1

export interface ColorScale {
  color(value: number): string
  readonly elements: (place: { x: number; y: number; height: number }) => readonly string[]
}

export function drawHeatmap(figure: FigureData): DrawnPart {
  const cells = figure.cells ?? []
  const columns = 1 + Math.max(0, ...cells.map(({ x }) => x))
  const rows = figure.y.names?.length ?? 1 + Math.max(0, ...cells.map(({ y }) => y))
  const names = figure.y.names ?? Array.from({ length: rows }, (_, row) => String(row))
  const square = figure.y.names === undefined
  const size = {
    width: Math.min(24, 560 / columns),
    height: square ? Math.min(24, 560 / columns) : 15,
  }
  const left = 40 + CHARACTER * Math.max(...names.map(({ length }) => length), 0)
  const [width, height] = [columns * size.width, rows * size.height]
  const scale = colorScale(
    figure.color,
    cells.map(({ mean }) => mean),
  )
  return {
    width: left + width + bar.gap + bar.width + bar.label,
    height: height + 50,
    elements: [
      ...cells.map(({ x, y, mean }) =>
        element('rect', {
          x: left + x * size.width,
          y: y * size.height,
          width: size.width + 0.4,
          height: size.height + 0.4,
          fill: scale.color(mean),
        }),
      ),
      ...rowNames(names, left, size.height),
      ...columnNumbers(columns, { left, top: height, width: size.width }),
      textAt(figure.x.label, { x: left + width / 2, y: height + 38, anchor: 'middle' }),
      textAt(labelOf(figure.y), { x: 14, y: height / 2, anchor: 'middle', turn: -90 }),
      ...scale.elements({ x: left + width + bar.gap, y: 0, height: Math.min(height, 220) }),
    ],
  }
}

/** Every name, or of numbers as many as there is room for. */
function rowNames(names: readonly string[], left: number, height: number): readonly string[] {
  const every = Math.max(1, Math.ceil(13 / height))
  return names.flatMap((name, row) =>
    row % every === 0
      ? [textAt(name, { x: left - 7, y: (row + 0.5) * height + 4, anchor: 'end' })]
      : [],
  )
}

export function columnNumbers(
  columns: number,
  { left, top, width }: { readonly left: number; readonly top: number; readonly width: number },
): readonly string[] {
  const every = Math.max(1, Math.ceil(20 / width))
  return Array.from({ length: columns }, (_, column) => column)
    .filter((column) => column % every === 0)
    .map((column) =>
      textAt(String(column), { x: left + (column + 0.5) * width, y: top + 17, anchor: 'middle' }),
    )
}

/** Colours of values; with a domain that reaches below zero, of two kinds. */
export function colorScale(axis: FigureAxis | undefined, values: readonly number[]): ColorScale {
  const shown: FigureAxis = axis ?? { label: '', scale: 'linear' }
  const scale = scaleOf(shown, values)
  const paint = (shown.domain?.[0] ?? 0) < 0 ? divergingColor : sequentialColor
  return {
    color: (value) => paint(scale.place(value)),
    elements: ({ x, y, height }) => [
      ...Array.from({ length: 40 }, (_, step) =>
        element('rect', {
          x,
          y: y + (height * (39 - step)) / 40,
          width: bar.width,
          height: height / 40 + 0.4,
          fill: paint((step + 0.5) / 40),
        }),
      ),
      element('rect', { x, y, width: bar.width, height, fill: 'none', stroke: ink.frame }),
      ...scale.ticks.map(({ value, text }) =>
        textAt(text, { x: x + bar.width + 5, y: y + height * (1 - scale.place(value)) + 4 }),
      ),
      textAt(shown.label, {
        x: x + bar.width + 62,
        y: y + height / 2,
        anchor: 'middle',
        turn: -90,
      }),
    ],
  }
}
