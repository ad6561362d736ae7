// Rows of texts with values -> a table whose cells are coloured by their value.
import type { FigureData } from '../figure-data.js'
import { colorScale, columnNumbers } from './draw-heatmap.js'
import type { DrawnPart } from './draw-lines.js'
import { textOn } from './palette.js'
import { element, textAt } from './svg-elements.js'

const cell = { width: 62, height: 22, characters: 9 } as const
const CHARACTER = 6.4

export function drawTable(figure: FigureData): DrawnPart {
  const [rows, columns] = [figure.rows ?? [], figure.columns ?? []]
  const left = 44 + CHARACTER * Math.max(0, ...rows.map(({ name }) => visible(name).length))
  const [width, height] = [columns.length * cell.width, rows.length * cell.height]
  const values = rows.flatMap((row) => row.cells.flatMap(({ value }) => value ?? []))
  const scale = colorScale(figure.color, values)
  return {
    width: left + width + 120,
    height: Math.max(height, 130) + 50,
    elements: [
      ...rows.flatMap(({ name, cells }, row) => [
        textAt(visible(name), { x: left - 8, y: row * cell.height + 15, anchor: 'end' }),
        ...cells.map(({ text, value }, column) => {
          const fill = value === null ? '#ffffff' : scale.color(value)
          const place = { x: left + column * cell.width, y: row * cell.height }
          return (
            element('rect', {
              ...place,
              width: cell.width,
              height: cell.height,
              fill,
              stroke: '#ffffff',
            }) +
            textAt(shortened(visible(text)), {
              x: place.x + cell.width / 2,
              y: place.y + 15,
              anchor: 'middle',
              size: 10,
              fill: textOn(fill),
            })
          )
        }),
      ]),
      ...columnNumbers(columns.length, { left, top: height, width: cell.width }),
      textAt(figure.x.label, { x: left + width / 2, y: height + 38, anchor: 'middle' }),
      textAt(figure.y.label, { x: 14, y: height / 2, anchor: 'middle', turn: -90 }),
      ...scale.elements({ x: left + width + 22, y: 0, height: Math.max(height, 130) }),
    ],
  }
}

/** Spaces and line ends of tokens, to be seen. */
const visible = (text: string): string => text.replace(/^ /, '␣').replaceAll('\n', '⏎')

const shortened = (text: string): string => {
  const characters = [...text]
  return characters.length <= cell.characters
    ? text
    : `${characters.slice(0, cell.characters - 1).join('')}…`
}
